import { StreamFault } from '../../stream-fault.js';
import type { MpegHeader } from '../../containers/mpeg-header.js';
import { BitReader } from '../bit-reader.js';
import { bandsOf, type Bands } from './bands.js';
import { Hybrid, interleaveWindows } from './hybrid.js';
import { joinStereo } from './joint-stereo.js';
import { readFirstScaleFactors, readSecondScaleFactors, type ScaleFactors } from './scale-factors.js';
import { readSideInfo, type Granule, type SideInfo } from './side-info.js';
import { bandRuns, lines, readValues, scaleValues } from './spectrum.js';
import { Synthesis } from './synthesis.js';

/** A frame's data may begin up to this many bytes before it. */
const longestReach = 511;

/** Decodes layer III (ISO/IEC 11172-3 and 13818-3), in float64. */
export class Layer3 {
  private readonly bands: Bands;
  private readonly firstVersion: boolean;
  private readonly hybrids: readonly Hybrid[];
  private readonly syntheses: readonly Synthesis[];
  private readonly spectra: readonly Float64Array[];
  private readonly samples = new Float64Array(lines);
  private readonly slot = new Float64Array(32);
  /** Data of previous frames, for frames whose data begins there. */
  private kept = new Uint8Array(0);
  private started = false;

  constructor({ sampleRate, version, channels }: MpegHeader) {
    this.bands = bandsOf(sampleRate);
    this.firstVersion = version === 1;
    const each = <T>(make: () => T) => Array.from({ length: channels }, make);
    this.hybrids = each(() => new Hybrid());
    this.syntheses = each(() => new Synthesis());
    this.spectra = each(() => new Float64Array(lines));
  }

  /**
   * @param frame the whole frame
   * @returns samples of each channel; zeros for first frames whose data was cut off
   */
  decode(frame: Uint8Array, header: MpegHeader): Float32Array[] {
    const info = readSideInfo(frame, header);
    const output = this.hybrids.map(() => new Float32Array(header.samples));
    const own = frame.subarray(info.start);
    const { kept } = this;
    const data = new Uint8Array(kept.length + own.length);
    data.set(kept);
    data.set(own, kept.length);
    this.kept = data.slice(Math.max(0, data.length - longestReach));
    if (info.mainDataBegin > kept.length) {
      if (this.started) throw new StreamFault('an MP3 frame whose data begins in a missing frame');
      return output;
    }
    this.started = true;
    this.decodeData(new BitReader(data, kept.length - info.mainDataBegin), info, header, output);
    return output;
  }

  private decodeData(reader: BitReader, info: SideInfo, header: MpegHeader, output: readonly Float32Array[]): void {
    const { bands, firstVersion, spectra } = this;
    const before: ScaleFactors[] = [];
    info.granules.forEach((granules, index) => {
      const read = granules.map((granule, channel) => {
        const end = reader.position + granule.bits;
        if (granule.bits > reader.left) throw new StreamFault('an MP3 frame whose data ends too early');
        const intensity = channel === 1 && header.mode === 1 && (header.modeExtension & 1) !== 0;
        const factors = firstVersion
          ? readFirstScaleFactors(reader, granule, index > 0 ? before[channel] : undefined, info.shared[channel])
          : readSecondScaleFactors(reader, granule, intensity);
        if (reader.position > end) throw new StreamFault('a damaged MP3 frame');
        before[channel] = factors;
        const runs = bandRuns(bands, granule, firstVersion);
        const count = readValues(reader, end, granule, bands, firstVersion, spectra[channel]);
        scaleValues(spectra[channel], count, runs, granule, factors);
        return { granule, factors, runs, count };
      });
      if (read.length === 2) {
        const [, { runs, factors, granule }] = read;
        joinStereo(header, spectra[0], spectra[1], runs, factors, granule.scaleFactorCode & 1);
      }
      // Stereo processing may have moved lines of one channel to the other.
      const most = Math.max(...read.map(({ count }) => count));
      read.forEach(({ granule, runs }, channel) => {
        const reached = granule.blockType === 2 ? lines : most;
        this.synthesise(channel, granule, runs, reached, output[channel], index * lines);
      });
    });
  }

  private synthesise(
    channel: number,
    granule: Granule,
    runs: Parameters<typeof interleaveWindows>[1],
    count: number,
    output: Float32Array,
    at: number,
  ): void {
    const { samples, slot } = this;
    const spectrum = this.spectra[channel];
    if (granule.blockType === 2) interleaveWindows(spectrum, runs);
    this.hybrids[channel].run(spectrum, count, granule, samples);
    for (let time = 0; time < 18; time += 1) {
      slot.set(samples.subarray(time * 32, time * 32 + 32));
      this.syntheses[channel].run(slot, output, at + time * 32);
    }
  }
}
