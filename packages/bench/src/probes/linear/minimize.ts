/** The result of a minimisation. */
export interface Minimum {
  readonly point: Float64Array;
  /** Number of gradient evaluations. */
  readonly evaluations: number;
  /** About twice the distance of the objective from its minimum. */
  readonly decrement: number;
}

export interface MinimizeOptions {
  /** The decrement to stop at; it also stops when rounding prevents progress. */
  readonly tolerance: number;
  readonly maxEvaluations: number;
}

const history = 10;
/** A step is accepted if the slope along it is between these shares of the initial slope. */
const steepestLeft = 0.9;
const steepestBeyond = 0.5;
const maxTrials = 25;
/** Number of evaluations without progress after which rounding dominates. */
const patience = 30;

/**
 * Minimises a smooth convex function by L-BFGS (Nocedal and Wright 2006, "Numerical Optimization", algorithms 7.4 and
 * 7.5) from gradients alone: it yields a point and receives the gradient there, so that many minimisations can share
 * one matrix product.
 *
 * Along a line a convex function's slope grows from negative to positive, so the slope says all that a line search
 * needs, and stays exact where differences of the function are lost in float32.
 *
 * @param inverse diagonal of an approximate inverse Hessian; the better it is, the fewer evaluations
 */
export function* minimize(
  start: Float64Array,
  inverse: Float64Array,
  { tolerance, maxEvaluations }: MinimizeOptions,
): Generator<Float64Array, Minimum, Float64Array> {
  const size = start.length;
  let point = start;
  let gradient = Float64Array.from(yield point);
  let evaluations = 1;
  const pairs: { step: Float64Array; change: Float64Array; product: number }[] = [];
  let scale = 1;
  let best = { point, decrement: Infinity, evaluations };
  for (;;) {
    const decrement = scale * scaledDot(gradient, gradient, inverse);
    if (decrement < best.decrement) best = { point, decrement, evaluations };
    if (decrement <= tolerance) return { point, evaluations, decrement };
    // Rounding may make the last steps worse: the best point counts.
    const stuck = { point: best.point, evaluations, decrement: best.decrement };
    if (evaluations >= maxEvaluations || evaluations - best.evaluations >= patience) return stuck;

    const direction = descent(gradient, inverse, scale, pairs);
    const slope = dot(gradient, direction);
    if (!(slope < 0)) {
      if (pairs.length === 0) return stuck;
      pairs.length = 0;
      continue;
    }

    let [low, lowSlope] = [0, slope];
    let [high, highSlope] = [Infinity, 0];
    let length = 1;
    let next: Float64Array | undefined;
    let nextGradient = gradient;
    for (let trial = 0; trial < maxTrials && evaluations < maxEvaluations; trial += 1) {
      const candidate = new Float64Array(size);
      for (let index = 0; index < size; index += 1) candidate[index] = point[index] + length * direction[index];
      nextGradient = Float64Array.from(yield candidate);
      evaluations += 1;
      const slopeHere = dot(nextGradient, direction);
      if (slopeHere >= steepestLeft * slope && slopeHere <= -steepestBeyond * slope) {
        next = candidate;
        break;
      }
      if (slopeHere < 0) [low, lowSlope] = [length, slopeHere];
      else [high, highSlope] = [length, slopeHere];
      length = nextLength(low, lowSlope, high, highSlope);
    }
    if (next === undefined) {
      if (pairs.length === 0) return stuck;
      pairs.length = 0;
      continue;
    }

    const step = new Float64Array(size);
    const change = new Float64Array(size);
    for (let index = 0; index < size; index += 1) {
      step[index] = next[index] - point[index];
      change[index] = nextGradient[index] - gradient[index];
    }
    const product = dot(step, change);
    if (product > 0) {
      pairs.push({ step, change, product });
      if (pairs.length > history) pairs.shift();
      scale = product / scaledDot(change, change, inverse);
    }
    point = next;
    gradient = nextGradient;
  }
}

/** `-H gradient` with the H of the last pairs: the two loops of algorithm 7.4. */
function descent(
  gradient: Float64Array,
  inverse: Float64Array,
  scale: number,
  pairs: readonly { step: Float64Array; change: Float64Array; product: number }[],
): Float64Array {
  const direction = Float64Array.from(gradient, (value) => -value);
  const shares: number[] = [];
  for (let index = pairs.length - 1; index >= 0; index -= 1) {
    const { step, change, product } = pairs[index];
    shares[index] = dot(step, direction) / product;
    addScaled(direction, change, -shares[index]);
  }
  for (let index = 0; index < direction.length; index += 1) direction[index] *= scale * inverse[index];
  pairs.forEach(({ step, change, product }, index) => {
    addScaled(direction, step, shares[index] - dot(change, direction) / product);
  });
  return direction;
}

/** Where the slope would be zero if it were linear, kept away from the ends. */
function nextLength(low: number, lowSlope: number, high: number, highSlope: number): number {
  if (high === Infinity) return low * 4;
  const zero = low - (lowSlope * (high - low)) / (highSlope - lowSlope);
  if (!Number.isFinite(zero)) return (low + high) / 2;
  const margin = 0.1 * (high - low);
  return Math.min(high - margin, Math.max(low + margin, zero));
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index] * right[index];
  return sum;
}

function scaledDot(left: Float64Array, right: Float64Array, scale: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index] * right[index] * scale[index];
  return sum;
}

function addScaled(target: Float64Array, values: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) target[index] += factor * values[index];
}
