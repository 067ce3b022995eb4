import { joinValues } from '@hearken/core/internal';
import { type FilterRun, resampledLength } from './resample-filter.js';

/**
 * Runs a filter over a signal in pieces, block by block, as soon as the inputs of a block are there.
 *
 * @param pieces one array per channel each, all of the same length
 * @param from Hz
 * @param to Hz
 */
export async function* runPieces(
  run: FilterRun,
  pieces: AsyncIterable<readonly Float32Array[]>,
  from: number,
  to: number,
): AsyncGenerator<readonly Float32Array[], void, undefined> {
  let held: readonly Float32Array[] = [];
  /** Start and end of the held part in the signal. */
  let [start, end] = [0, 0];
  let first = 0;
  const positionOf = (output: number) => Math.floor((output * from) / to);
  const block = async (length: number) => {
    const outputs = held.map(() => new Float32Array(length));
    for (const [channel, output] of outputs.entries()) await run.run({ samples: held[channel], start }, first, output);
    first += length;
    const needed = Math.min(end, Math.max(start, positionOf(first) - run.reach));
    held = held.map((channel) => channel.subarray(needed - start));
    start = needed;
    return outputs;
  };
  for await (const piece of pieces) {
    held = end === 0 ? piece : held.map((channel, index) => joinValues([channel, piece[index]]));
    end += piece[0].length;
    while (positionOf(first + run.blockOutputs) + run.reach < end) yield await block(run.blockOutputs);
  }
  const length = resampledLength(end, from, to);
  while (first < length) yield await block(Math.min(run.blockOutputs, length - first));
}
