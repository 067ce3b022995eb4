import type { SignalStretch } from './timestamp-streaming.js';

/** The latest part of a signal that arrives in pieces: grows at the end, and is dropped from the start. */
export class SampleBuffer {
  readonly #channels: number;
  /** `[channels, capacity]`; the available samples begin at `#first`. */
  #data: Float32Array;
  #capacity: number;
  #first = 0;
  #length = 0;
  #end = 0;
  /** Samples before this one are not needed. */
  #needed = 0;

  constructor(channels: number) {
    this.#channels = channels;
    this.#capacity = 1024;
    this.#data = new Float32Array(channels * this.#capacity);
  }

  /** How many samples have arrived since the start of the signal. */
  get end(): number {
    return this.#end;
  }

  /** Adds samples `from` to `to` (exclusive) of `chunk`, which is `[channels, samples]`. */
  append(chunk: Float32Array, from: number, to: number): void {
    const samples = chunk.length / this.#channels;
    const first = Math.min(to, from + Math.max(0, this.#needed - this.#end));
    this.#end += to - from;
    if (first === to) return;
    const added = to - first;
    this.#makeRoom(added);
    for (let channel = 0; channel < this.#channels; channel += 1) {
      const piece = chunk.subarray(channel * samples + first, channel * samples + to);
      this.#data.set(piece, channel * this.#capacity + this.#first + this.#length);
    }
    this.#length += added;
  }

  /** Drops the samples before sample `start` of the signal, including those yet to arrive. */
  dropBefore(start: number): void {
    if (start <= this.#needed) return;
    const dropped = Math.min(this.#length, Math.max(0, start - (this.#end - this.#length)));
    this.#needed = start;
    this.#first = dropped === this.#length ? 0 : this.#first + dropped;
    this.#length -= dropped;
  }

  /** The available samples; valid only until the next change, because memory is shared where possible. */
  stretch(): SignalStretch {
    const [channels, samples] = [this.#channels, this.#length];
    let data = this.#data.subarray(this.#first, this.#first + samples);
    if (channels > 1) {
      data = new Float32Array(channels * samples);
      for (let channel = 0; channel < channels; channel += 1) {
        const offset = channel * this.#capacity + this.#first;
        data.set(this.#data.subarray(offset, offset + samples), channel * samples);
      }
    }
    return { signals: { data, count: 1, channels, samples }, start: this.#end - samples };
  }

  #makeRoom(added: number): void {
    const wanted = this.#length + added;
    if (this.#first + wanted <= this.#capacity) return;
    // Twice what is needed, so that moving everything to the front costs one move per sample.
    const capacity = 2 * wanted > this.#capacity ? 4 * wanted : this.#capacity;
    const data = capacity === this.#capacity ? this.#data : new Float32Array(this.#channels * capacity);
    for (let channel = 0; channel < this.#channels; channel += 1) {
      const offset = channel * this.#capacity + this.#first;
      data.set(this.#data.subarray(offset, offset + this.#length), channel * capacity);
    }
    this.#data = data;
    this.#capacity = capacity;
    this.#first = 0;
  }
}
