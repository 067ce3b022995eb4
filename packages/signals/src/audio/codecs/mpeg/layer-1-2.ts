import { StreamFault } from '../../stream-fault.js';
import type { MpegHeader } from '../../containers/mpeg-header.js';
import { BitReader } from '../bit-reader.js';
import { Synthesis } from './synthesis.js';

/** Numbers of quantisation steps that a subband may choose (ISO/IEC 11172-3, tables B.2; 13818-3, table B.1). */
type Steps = readonly number[];

/** 2^n - 1 for a range of n. */
const powersOfTwo = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => 2 ** (from + index) - 1);
const many: Steps = [0, 3, ...powersOfTwo(3, 16)];
const odd: Steps = [0, 3, 5, 7, 9, ...powersOfTwo(4, 13), 65535];
const few: Steps = [0, 3, 5, 7, 9, 15, 31, 65535];
const fewest: Steps = [0, 3, 5, 65535];
const low: Steps = [0, 3, 5, 9, ...powersOfTwo(4, 15)];
const lower: Steps = [0, 3, 5, 9, 15, 31, 63, 127];
const half: Steps = [0, 3, 5, 7, 9, ...powersOfTwo(4, 14)];

const repeated = (count: number, steps: Steps): Steps[] => Array.from({ length: count }, () => steps);
const highRate = (last: number) => [
  ...repeated(3, many),
  ...repeated(8, odd),
  ...repeated(12, few),
  ...repeated(last, fewest),
];
const lowRate = (last: number) => [...repeated(2, low), ...repeated(last, lower)];
const halfRate = [...repeated(4, half), ...repeated(7, lower), ...repeated(19, [0, 3, 5, 9])];
/** Layer I: any number of bits from 2 to 15. */
const layer1 = repeated(32, [0, ...powersOfTwo(2, 15)]);

/** Decodes layers I and II (ISO/IEC 11172-3 and 13818-3), in float64. */
export class Layer12 {
  private readonly syntheses: readonly Synthesis[];

  constructor({ channels }: MpegHeader) {
    this.syntheses = Array.from({ length: channels }, () => new Synthesis());
  }

  /** @returns samples of each channel */
  decode(frame: Uint8Array, header: MpegHeader): Float32Array[] {
    const { channels, layer, mode, modeExtension, samples } = header;
    const reader = new BitReader(frame, header.checksum ? 6 : 4);
    const tables = layer === 1 ? layer1 : stepsOf(header);
    const bound = Math.min(tables.length, mode === 1 ? 4 * (modeExtension + 1) : 32);
    const allocation = readAllocation(reader, tables, channels, bound);
    const scales = readScales(reader, allocation, layer);
    const output = this.syntheses.map(() => new Float32Array(samples));
    const slots = this.syntheses.map(() => Array.from({ length: 3 }, () => new Float64Array(32)));
    const perGroup = layer === 1 ? 1 : 3;
    const groups = 12;
    for (let group = 0; group < groups; group += 1) {
      slots.flat().forEach((slot) => slot.fill(0));
      tables.forEach((_, band) => {
        // Above the bound, both channels share one value but have two scales.
        const shared = band >= bound;
        let values: number[] = [];
        for (let channel = 0; channel < channels; channel += 1) {
          const steps = allocation[channel][band];
          if (steps === 0) continue;
          if (channel === 0 || !shared) values = readSamples(reader, steps, perGroup);
          const scale = scales[channel][band][layer === 1 ? 0 : group >> 2];
          for (let place = 0; place < perGroup; place += 1) slots[channel][place][band] = values[place] * scale;
        }
      });
      this.syntheses.forEach((synthesis, channel) => {
        for (let place = 0; place < perGroup; place += 1) {
          synthesis.run(slots[channel][place], output[channel], (group * perGroup + place) * 32);
        }
      });
    }
    reader.check();
    return output;
  }
}

/** Which table a layer II frame uses. */
function stepsOf({ version, bitrate, channels, sampleRate }: MpegHeader): readonly Steps[] {
  if (version !== 1) return halfRate;
  const each = bitrate / channels;
  if (each > 0 && each <= 48000) return lowRate(sampleRate === 32000 ? 10 : 6);
  return highRate(sampleRate === 48000 || (each > 0 && each <= 80000) ? 4 : 7);
}

function readAllocation(reader: BitReader, tables: readonly Steps[], channels: number, bound: number): number[][] {
  const allocation: number[][] = Array.from({ length: channels }, () => []);
  tables.forEach((steps, band) => {
    const bits = Math.log2(Math.max(16 * Number(steps.length > 8), steps.length > 4 ? 8 : 4));
    let code = 0;
    allocation.forEach((each, channel) => {
      if (channel === 0 || band < bound) code = reader.bits(bits);
      if (code >= steps.length) throw new StreamFault('a damaged frame of MPEG audio');
      each.push(steps[code]);
    });
  });
  return allocation;
}

/** Which of three scales are stored, by a code of two bits (section 2.4.1.6). */
const scalePatterns = [
  [0, 1, 2],
  [0, 0, 1],
  [0, 0, 0],
  [0, 1, 1],
];

function readScales(reader: BitReader, allocation: readonly number[][], layer: number): number[][][] {
  const bands = allocation[0].length;
  const patterns = Array.from({ length: bands }, (_, band) =>
    allocation.map((each) => (each[band] === 0 ? undefined : scalePatterns[layer === 1 ? 2 : reader.bits(2)])),
  );
  const scales: number[][][] = allocation.map(() => Array.from({ length: bands }, () => []));
  patterns.forEach((each, band) => {
    each.forEach((pattern, channel) => {
      if (pattern === undefined) return;
      const written = Array.from({ length: 1 + pattern[2] }, () => 2 ** (1 - reader.bits(6) / 3));
      scales[channel][band] = pattern.map((place) => written[place]);
    });
  });
  return scales;
}

/** One sample of a subband, or three, which share a code if there are few steps (section 2.4.3.3.4). */
function readSamples(reader: BitReader, steps: number, count: number): number[] {
  const value = (code: number) => (2 * code + 1 - steps) / steps;
  if (count === 3 && (steps === 3 || steps === 5 || steps === 9)) {
    let code = reader.bits(steps === 3 ? 5 : steps === 5 ? 7 : 10);
    return [0, 1, 2].map(() => {
      const digit = code % steps;
      code = Math.floor(code / steps);
      return value(digit);
    });
  }
  const bits = Math.log2(steps + 1);
  return Array.from({ length: count }, () => value(reader.bits(bits)));
}
