import { StreamFault } from '../../stream-fault.js';
import { bitLength, type VorbisBits } from './bits.js';
import type { Codebook } from './codebook.js';

/** The coarse curve of a spectrum, as line segments in decibels (Vorbis I, section 7). */
export interface Floor {
  /** The heights of the segments' ends in a packet; undefined if a channel is silent. */
  read(reader: VorbisBits): Int32Array | undefined;
  /** Multiplies a spectrum by the curve. */
  apply(heights: Int32Array, spectrum: Float64Array): void;
}

interface FloorClass {
  readonly dimensions: number;
  readonly subclassBits: number;
  readonly master: Codebook | undefined;
  readonly books: readonly (Codebook | undefined)[];
}

/** 256 steps over 140 dB. */
const decibels = Float32Array.from({ length: 256 }, (_, index) => 10 ** (((index - 255) * (140 / 256)) / 20));
const ranges = [256, 128, 86, 64];

export function readFloor(reader: VorbisBits, codebooks: readonly Codebook[]): Floor {
  const kind = reader.bits(16);
  if (kind === 0)
    throw new StreamFault(
      'Vorbis with a floor of type 0, which no encoder since 2001 writes',
      'convert it to WAV or FLAC',
    );
  const damaged = () => new StreamFault('a damaged floor in the Vorbis headers');
  const book = (index: number) => {
    if (index >= codebooks.length) throw damaged();
    return codebooks[index];
  };
  if (kind !== 1) throw damaged();
  const partitions = Array.from({ length: reader.bits(5) }, () => reader.bits(4));
  const classes: FloorClass[] = Array.from({ length: Math.max(-1, ...partitions) + 1 }, () => {
    const dimensions = reader.bits(3) + 1;
    const subclassBits = reader.bits(2);
    const master = subclassBits > 0 ? book(reader.bits(8)) : undefined;
    const books = Array.from({ length: 1 << subclassBits }, () => {
      const index = reader.bits(8) - 1;
      return index < 0 ? undefined : book(index);
    });
    return { dimensions, subclassBits, master, books };
  });
  const multiplier = reader.bits(2) + 1;
  const rangeBits = reader.bits(4);
  const places = [0, 1 << rangeBits];
  for (const partition of partitions) {
    for (let index = 0; index < classes[partition].dimensions; index += 1) places.push(reader.bits(rangeBits));
  }
  if (reader.over || places.length > 65 || new Set(places).size < places.length) throw damaged();
  return new LineFloor(places, multiplier, partitions, classes);
}

class LineFloor implements Floor {
  private readonly range: number;
  private readonly order: number[];
  /** For each position from the third on: the nearest earlier ones to its left and right. */
  private readonly neighbours: readonly (readonly [number, number])[];

  constructor(
    private readonly places: readonly number[],
    private readonly multiplier: number,
    private readonly partitions: readonly number[],
    private readonly classes: readonly FloorClass[],
  ) {
    this.range = ranges[multiplier - 1];
    this.order = places.map((_, index) => index).sort((a, b) => places[a] - places[b]);
    this.neighbours = places.map((place, index) => {
      let [low, high] = [0, 1];
      for (let other = 0; other < index; other += 1) {
        if (places[other] < place && places[other] > places[low]) low = other;
        if (places[other] > place && places[other] < places[high]) high = other;
      }
      return [low, high];
    });
  }

  read(reader: VorbisBits): Int32Array | undefined {
    if (!reader.flag()) return undefined;
    const values = new Int32Array(this.places.length);
    const bits = bitLength(this.range - 1);
    values[0] = reader.bits(bits);
    values[1] = reader.bits(bits);
    let at = 2;
    for (const partition of this.partitions) {
      const { dimensions, subclassBits, master, books } = this.classes[partition];
      let chosen = master === undefined ? 0 : master.entry(reader);
      if (chosen < 0) return undefined;
      for (let index = 0; index < dimensions; index += 1) {
        const book = books[chosen & ((1 << subclassBits) - 1)];
        chosen >>>= subclassBits;
        const value = book === undefined ? 0 : book.entry(reader);
        if (value < 0) return undefined;
        values[at] = value;
        at += 1;
      }
    }
    return reader.over ? undefined : this.heights(values);
  }

  /** The values are corrections of predictions; -1 marks ends without a segment (section 7.2.4, step 1). */
  private heights(values: Int32Array): Int32Array {
    const { places, neighbours, range } = this;
    const heights = Int32Array.from(values);
    const used = new Uint8Array(values.length);
    used.fill(1, 0, 2);
    for (let index = 2; index < values.length; index += 1) {
      const [low, high] = neighbours[index];
      const predicted = linePoint(places[low], heights[low], places[high], heights[high], places[index]);
      const value = values[index];
      heights[index] = predicted;
      if (value === 0) continue;
      used[low] = used[high] = used[index] = 1;
      const above = range - predicted;
      if (value >= 2 * Math.min(above, predicted)) {
        heights[index] = above > predicted ? value : range - 1 - value;
      } else heights[index] += value % 2 === 1 ? -(value + 1) / 2 : value / 2;
    }
    if (heights.some((height) => height < 0 || height >= range)) throw new StreamFault('a damaged Vorbis floor');
    return heights.map((height, index) => (used[index] === 1 ? height : -1));
  }

  apply(heights: Int32Array, spectrum: Float64Array): void {
    const { places, order, multiplier } = this;
    let x = 0;
    let y = heights[0] * multiplier;
    for (const index of order.slice(1)) {
      if (heights[index] < 0) continue;
      const nextX = places[index];
      const nextY = heights[index] * multiplier;
      multiplyLine(spectrum, x, y, nextX, nextY);
      [x, y] = [nextX, nextY];
    }
    multiplyLine(spectrum, x, y, Math.max(x, spectrum.length), y);
  }
}

/** Section 9.2.6. */
function linePoint(x0: number, y0: number, x1: number, y1: number, x: number): number {
  const offset = Math.floor((Math.abs(y1 - y0) * (x - x0)) / (x1 - x0));
  return y1 < y0 ? y0 - offset : y0 + offset;
}

/** Section 9.2.7: a line in whole steps, from `x0` up to but not including `x1`. */
function multiplyLine(spectrum: Float64Array, x0: number, y0: number, x1: number, y1: number): void {
  const width = x1 - x0;
  if (width <= 0) return;
  const base = Math.trunc((y1 - y0) / width);
  const step = y1 < y0 ? base - 1 : base + 1;
  const rest = Math.abs(y1 - y0) - Math.abs(base) * width;
  const end = Math.min(x1, spectrum.length);
  let y = y0;
  let error = 0;
  for (let x = x0; x < end; x += 1) {
    spectrum[x] *= decibels[y];
    error += rest;
    if (error >= width) {
      error -= width;
      y += step;
    } else y += base;
  }
}
