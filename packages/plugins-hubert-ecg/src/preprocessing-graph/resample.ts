import { OptionError } from '@hearken/core';
import { concat, convolution, type GraphBuilder, reshape, slice, transpose, type Value } from '@hearken/onnx';

/** Number of outputs of one position of the convolution: a matrix product; a single output would be a dot product. */
const blockOutputs = 50;
/** Values of the filters: 256 MiB. */
const maximumWeights = 2 ** 26;

/**
 * Resampling by cutting or extending the spectrum, like `fourierResampler`: a convolution of the signal, treated as one
 * period, with the periodic sinc. With `to / from` in lowest terms, `phases / step`, output `phases` is at sample
 * `step`, as output 0 is at sample 0, and so are their multiples; each block of outputs starts at one of them.
 *
 * @param signal `[n, from]`
 * @returns `[n, to]`
 */
export function resample(graph: GraphBuilder, signal: Value, from: number, to: number): Value {
  if (from === to) return signal;
  const divisor = greatestDivisor(from, to);
  const phases = to / divisor;
  const turns = blockTurns(divisor, phases);
  const [outputs, step] = [turns * phases, (turns * from) / divisor];
  if (outputs * from > maximumWeights) {
    throw new OptionError({
      asked: `a graph that resamples ${from} samples to ${to}`,
      found: `${outputs} filters with ${from} values each, which take too much memory`,
      fix: 'choose an inputRate that has a large common divisor with 500 Hz, and resample the signals to it first',
    });
  }
  const kernel = new Float32Array(outputs * from);
  for (let output = 0; output < outputs; output += 1) {
    for (let index = 0; index < from; index += 1) {
      // The distance from sample `index` times `phases`, so that it is a whole number.
      kernel[output * from + index] = periodicSinc((output * from) / divisor - index * phases, phases, from, to);
    }
  }
  const period = step < from ? concat(graph, [signal, slice(graph, signal, 1, 0, from - step)], 1) : signal;
  const weights = graph.constant(kernel, [outputs, 1, from]);
  const blocks = convolution(graph, reshape(graph, period, [0, 1, -1]), weights, [from], { stride: [step] });
  return reshape(graph, transpose(graph, blocks, [0, 2, 1]), [0, to]);
}

/** How many times `phases` are in a block: the smallest divisor of their number that gives enough outputs. */
function blockTurns(divisor: number, phases: number): number {
  let turns = Math.min(divisor, Math.ceil(blockOutputs / phases));
  while (divisor % turns !== 0) turns += 1;
  return turns;
}

/**
 * The response to a unit impulse at `distance / denominator` samples from it: the sum of the cosines that are kept,
 * divided by `from`. If the number of bins is even, the middle one counts once when upsampling and twice when
 * downsampling.
 */
function periodicSinc(distance: number, denominator: number, from: number, to: number): number {
  const kept = Math.min(from, to);
  const period = from * denominator;
  // One period around 0, where the quotient is most exact.
  const nearest = distance - period * Math.round(distance / period);
  const isEven = kept % 2 === 0;
  const angle = (Math.PI * nearest) / period;
  const middle = isEven && to < from ? Math.cos(kept * angle) : 0;
  if (nearest === 0) return (kept + middle) / from;
  const sum = Math.sin(kept * angle) / (isEven ? Math.tan(angle) : Math.sin(angle));
  return (sum + middle) / from;
}

function greatestDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestDivisor(right, left % right);
}
