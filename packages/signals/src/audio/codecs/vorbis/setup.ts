import { StreamFault } from '../../stream-fault.js';
import { bitLength, VorbisBits } from './bits.js';
import { readCodebook } from './codebook.js';
import { readFloor, type Floor } from './floor.js';
import { readResidue, type Residue } from './residue.js';

/** How the channels of a packet are coded (Vorbis I, section 4.2.4). */
export interface VorbisMapping {
  readonly couplings: readonly { readonly magnitude: number; readonly angle: number }[];
  readonly submaps: readonly { readonly floor: Floor; readonly residue: Residue }[];
  /** The submap of each channel. */
  readonly channelSubmap: readonly number[];
}

export interface VorbisMode {
  /** Whether its blocks are the long ones. */
  readonly long: boolean;
  readonly mapping: VorbisMapping;
}

/** @param packet the third header */
export function readVorbisSetup(packet: Uint8Array, channels: number): VorbisMode[] {
  const reader = new VorbisBits(packet);
  const damaged = () => new StreamFault('damaged Vorbis headers');
  if (reader.bits(8) !== 5 || [...'vorbis'].some((letter) => reader.bits(8) !== letter.charCodeAt(0))) throw damaged();
  const list = <T>(bits: number, read: () => T): T[] =>
    Array.from({ length: reader.bits(bits) + 1 }, () => {
      if (reader.over) throw damaged();
      return read();
    });
  const codebooks = list(8, () => readCodebook(reader));
  list(6, () => {
    if (reader.bits(16) !== 0) throw damaged();
  });
  const floors = list(6, () => readFloor(reader, codebooks));
  const residues = list(6, () => readResidue(reader, codebooks));
  const mappings = list(6, () => {
    const mapping = readMapping(reader, channels, floors, residues);
    if (mapping === undefined) throw damaged();
    return mapping;
  });
  const modes = list(6, () => {
    const long = reader.flag();
    if (reader.bits(32) !== 0) throw damaged();
    const mapping = reader.bits(8);
    if (mapping >= mappings.length) throw damaged();
    return { long, mapping: mappings[mapping] };
  });
  if (!reader.flag() || reader.over) throw damaged();
  return modes;
}

/** @returns undefined if it is invalid */
function readMapping(
  reader: VorbisBits,
  channels: number,
  floors: readonly Floor[],
  residues: readonly Residue[],
): VorbisMapping | undefined {
  if (reader.bits(16) !== 0) return undefined;
  const submapCount = reader.flag() ? reader.bits(4) + 1 : 1;
  const bits = bitLength(channels - 1);
  const couplings = Array.from({ length: reader.flag() ? reader.bits(8) + 1 : 0 }, () => ({
    magnitude: reader.bits(bits),
    angle: reader.bits(bits),
  }));
  if (couplings.some(({ magnitude, angle }) => magnitude === angle || Math.max(magnitude, angle) >= channels))
    return undefined;
  if (reader.bits(2) !== 0) return undefined;
  const channelSubmap = Array.from({ length: channels }, () => (submapCount > 1 ? reader.bits(4) : 0));
  if (channelSubmap.some((submap) => submap >= submapCount)) return undefined;
  const numbers = Array.from({ length: submapCount }, () => {
    reader.bits(8);
    return { floor: reader.bits(8), residue: reader.bits(8) };
  });
  if (numbers.some(({ floor, residue }) => floor >= floors.length || residue >= residues.length)) return undefined;
  const submaps = numbers.map(({ floor, residue }) => ({ floor: floors[floor], residue: residues[residue] }));
  return { couplings, submaps, channelSubmap };
}
