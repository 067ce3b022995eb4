import type { ChunkReader } from './chunk-reader.js';
import type { SampleBuffer } from './sample-buffer.js';

/** Moves chunks into a buffer, but only as much of a long chunk as is needed. */
export class Gatherer {
  #chunk: Float32Array = new Float32Array(0);
  /** How many samples of the chunk were moved. */
  #moved = 0;

  constructor(
    private readonly reader: ChunkReader,
    private readonly buffer: SampleBuffer,
    private readonly channels: number,
  ) {}

  /**
   * Waits until the first `least` samples of the signal have arrived, and takes what is already there, up to `most`.
   *
   * @returns whether the signal has ended before `most`
   */
  async gather(least: number, most: number): Promise<boolean> {
    const { reader, buffer } = this;
    while (buffer.end < most) {
      const samples = this.#chunk.length / this.channels;
      if (this.#moved === samples) {
        if (buffer.end >= least && !(await reader.isAtHand())) return false;
        const chunk = await reader.next();
        if (chunk === undefined) return true;
        this.#chunk = chunk;
        this.#moved = 0;
        continue;
      }
      const to = Math.min(samples, this.#moved + most - buffer.end);
      buffer.append(this.#chunk, this.#moved, to);
      this.#moved = to;
    }
    return false;
  }
}
