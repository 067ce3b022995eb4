import type { StreamFault } from '../stream-fault.js';
import type { BitReader } from './bit-reader.js';

/** Weights of the fixed predictors of order 0 to 4, the latest sample's first (RFC 9639, section 9.2.5). */
const fixed = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

/**
 * Reads the samples of one channel. They are stored as float64: a difference of 32-bit channels has 33 bits, and sums
 * of products up to 2^52 are exact.
 */
export function readSubframe(
  reader: BitReader,
  blockSize: number,
  frameBits: number,
  damaged: (what: string) => StreamFault,
): Float64Array {
  if (reader.bits(1) !== 0) throw damaged('a reserved bit');
  const kind = reader.bits(6);
  const wasted = reader.bits(1) === 1 ? reader.zeros() + 1 : 0;
  const bits = frameBits - wasted;
  if (bits < 1) throw damaged('more wasted bits than there are');
  const samples = new Float64Array(blockSize);
  if (kind === 0) samples.fill(reader.signed(bits));
  else if (kind === 1) {
    if (reader.left < bits * blockSize) throw damaged('samples that end too early');
    for (let index = 0; index < blockSize; index += 1) samples[index] = reader.signed(bits);
  } else if (kind >= 8 && kind <= 12) {
    const order = kind - 8;
    readWarmUp(reader, samples, order, bits, damaged);
    readResidual(reader, samples, order, damaged);
    predict(samples, Float64Array.from(fixed[order]), 0);
  } else if (kind >= 32) {
    const order = kind - 31;
    readWarmUp(reader, samples, order, bits, damaged);
    const precision = reader.bits(4) + 1;
    const shift = reader.signed(5);
    if (precision === 16 || shift < 0) throw damaged('a reserved predictor');
    const weights = Float64Array.from({ length: order }, () => reader.signed(precision));
    readResidual(reader, samples, order, damaged);
    predict(samples, weights, shift);
  } else throw damaged('a reserved kind of subframe');
  if (wasted > 0) {
    const factor = 2 ** wasted;
    for (let index = 0; index < blockSize; index += 1) samples[index] *= factor;
  }
  return samples;
}

function readWarmUp(
  reader: BitReader,
  samples: Float64Array,
  order: number,
  bits: number,
  damaged: (what: string) => StreamFault,
): void {
  if (order > samples.length) throw damaged('a predictor longer than its frame');
  for (let index = 0; index < order; index += 1) samples[index] = reader.signed(bits);
}

/** The residual of the prediction, Rice coded in partitions (section 9.2.7). */
function readResidual(
  reader: BitReader,
  samples: Float64Array,
  order: number,
  damaged: (what: string) => StreamFault,
): void {
  const method = reader.bits(2);
  if (method > 1) throw damaged('a reserved coding');
  const parameterBits = method === 0 ? 4 : 5;
  const escape = method === 0 ? 15 : 31;
  const partitionOrder = reader.bits(4);
  const partitions = 1 << partitionOrder;
  const size = samples.length >> partitionOrder;
  if (size << partitionOrder !== samples.length || size < order) throw damaged('partitions that do not fit');
  let index = order;
  for (let partition = 0; partition < partitions; partition += 1) {
    const parameter = reader.bits(parameterBits);
    const end = (partition + 1) * size;
    if (parameter === escape) {
      const bits = reader.bits(5);
      for (; index < end; index += 1) samples[index] = reader.signed(bits);
    } else {
      const factor = 2 ** parameter;
      for (; index < end; index += 1) {
        const folded =
          reader.zeros() * factor + (parameter <= 25 ? reader.bits(parameter) : reader.longBits(parameter));
        samples[index] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      }
    }
    reader.check();
  }
}

/** Adds to each sample what the previous ones predict. */
function predict(samples: Float64Array, weights: Float64Array, shift: number): void {
  const order = weights.length;
  const scale = 2 ** -shift;
  for (let index = order; index < samples.length; index += 1) {
    let sum = 0;
    for (let tap = 0; tap < order; tap += 1) sum += weights[tap] * samples[index - 1 - tap];
    samples[index] += Math.floor(sum * scale);
  }
}
