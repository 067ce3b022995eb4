import { StreamFault } from '../stream-fault.js';
import { toWaveOrder } from './channel-order.js';
import { InverseMdct } from './inverse-mdct.js';
import { bitLength, VorbisBits } from './vorbis/bits.js';
import { readVorbisSetup, type VorbisMapping, type VorbisMode } from './vorbis/setup.js';

/**
 * Decodes the packets of a Vorbis stream, following the specification "Vorbis I" of the Xiph.Org Foundation, in
 * float64. A packet yields the part that overlaps with the previous one, so the first yields nothing.
 */
export class VorbisDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  /** Number of samples in a long block. */
  readonly longestBlock: number;
  private readonly modes: readonly VorbisMode[];
  private readonly blocks: readonly [Block, Block];
  private previous: { readonly long: boolean; readonly windowed: Float64Array[] } | undefined;
  private index = 0;

  /**
   * @param identification the first header packet
   * @param setup the third
   */
  constructor(identification: Uint8Array, setup: Uint8Array) {
    if (identification.length < 30) throw new StreamFault('a truncated Vorbis header');
    const view = new DataView(identification.buffer, identification.byteOffset, identification.length);
    this.channels = view.getUint8(11);
    this.sampleRate = view.getUint32(12, true);
    const short = view.getUint8(28) & 15;
    const long = view.getUint8(28) >> 4;
    const wrong = view.getUint32(7, true) !== 0 || this.channels === 0 || this.sampleRate === 0;
    if (wrong || short < 6 || long > 13 || short > long) throw new StreamFault('a damaged Vorbis header');
    this.blocks = [new Block(1 << short), new Block(1 << long)];
    this.longestBlock = 1 << long;
    this.modes = readVorbisSetup(setup, this.channels);
  }

  /** @returns samples of each channel, in WAV's order of channels */
  decode(packet: Uint8Array): Float32Array[] {
    const reader = new VorbisBits(packet);
    const damaged = () => new StreamFault(`a damaged packet ${this.index} of Vorbis`);
    if (packet.length === 0 || reader.flag()) throw damaged();
    const modeIndex = reader.bits(bitLength(this.modes.length - 1));
    if (modeIndex >= this.modes.length) throw damaged();
    const { long, mapping } = this.modes[modeIndex];
    const [previousLong, nextLong] = long ? [reader.flag(), reader.flag()] : [false, false];
    if (reader.over) throw damaged();
    const block = this.blocks[long ? 1 : 0];
    const spectra = readSpectra(reader, mapping, this.channels, block.size / 2);
    const [left, right] = long ? [this.blocks[previousLong ? 1 : 0], this.blocks[nextLong ? 1 : 0]] : [block, block];
    const windowed = spectra.map((spectrum) => block.windowed(spectrum, left, right));
    const before = this.previous;
    this.previous = { long, windowed };
    this.index += 1;
    if (before === undefined) return windowed.map(() => new Float32Array(0));
    return toWaveOrder(windowed.map((samples, channel) => overlap(before.windowed[channel], samples)));
  }
}

/** What depends on the block size. */
class Block {
  private readonly transform: InverseMdct;
  /** The rising half of the window (Vorbis I, section 4.3.1). */
  private readonly slope: Float64Array;

  constructor(readonly size: number) {
    this.transform = new InverseMdct(size / 2);
    this.slope = Float64Array.from({ length: size / 2 }, (_, index) =>
      Math.sin((Math.PI / 2) * Math.sin(((index + 0.5) / size) * Math.PI) ** 2),
    );
  }

  /** The samples of a spectrum, with a window whose halves fit the neighbouring blocks. */
  windowed(spectrum: Float64Array, left: Block, right: Block): Float64Array {
    const { size } = this;
    const samples = new Float64Array(size);
    this.transform.transform(spectrum, samples);
    const rise = size / 4 - left.size / 4;
    samples.fill(0, 0, rise);
    for (let index = 0; index < left.size / 2; index += 1) samples[rise + index] *= left.slope[index];
    const fall = (size * 3) / 4 - right.size / 4;
    const end = fall + right.size / 2;
    for (let index = 0; index < right.size / 2; index += 1) samples[end - 1 - index] *= right.slope[index];
    samples.fill(0, end);
    return samples;
  }
}

/** From the middle of one block to the middle of the next (section 4.3.8). */
function overlap(before: Float64Array, after: Float64Array): Float32Array {
  const count = before.length / 4 + after.length / 4;
  const samples = new Float32Array(count);
  const half = before.length / 2;
  const shift = after.length / 2 - count;
  for (let index = 0; index < count; index += 1) {
    const old = half + index < before.length ? before[half + index] : 0;
    const place = index + shift;
    samples[index] = old + (place >= 0 ? after[place] : 0);
  }
  return samples;
}

function readSpectra(reader: VorbisBits, mapping: VorbisMapping, channels: number, size: number): Float64Array[] {
  const heights = mapping.channelSubmap.map((submap) => mapping.submaps[submap].floor.read(reader));
  const silent = heights.map((each) => each === undefined);
  for (const { magnitude, angle } of mapping.couplings) {
    if (!silent[magnitude] || !silent[angle]) silent[magnitude] = silent[angle] = false;
  }
  const spectra = Array.from({ length: channels }, () => new Float64Array(size));
  mapping.submaps.forEach(({ residue }, submap) => {
    const members = spectra.flatMap((_, channel) => (mapping.channelSubmap[channel] === submap ? [channel] : []));
    if (members.length === 0) return;
    residue.read(
      reader,
      members.map((channel) => spectra[channel]),
      members.map((channel) => silent[channel]),
    );
  });
  for (const { magnitude, angle } of [...mapping.couplings].reverse()) decouple(spectra[magnitude], spectra[angle]);
  spectra.forEach((spectrum, channel) => {
    const curve = heights[channel];
    if (curve === undefined) spectrum.fill(0);
    else mapping.submaps[mapping.channelSubmap[channel]].floor.apply(curve, spectrum);
  });
  return spectra;
}

/** Section 4.3.5. */
function decouple(magnitudes: Float64Array, angles: Float64Array): void {
  for (let index = 0; index < magnitudes.length; index += 1) {
    const magnitude = magnitudes[index];
    const angle = angles[index];
    const other = magnitude > 0 ? magnitude - Math.abs(angle) : magnitude + Math.abs(angle);
    if (angle > 0) angles[index] = other;
    else {
      angles[index] = magnitude;
      magnitudes[index] = other;
    }
  }
}
