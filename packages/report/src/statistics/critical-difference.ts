import { twoSidedTail } from '@hearken/metrics/internal';

/** Number of integration steps: the value is accurate to at least 1e-6. */
const steps = 2000;
const reach = 8;

/**
 * The smallest difference of two models' average ranks that counts: the Nemenyi test at 5%, `q * sqrt(k (k + 1) / (6
 * N))` for k models on N tasks. J. Demsar, "Statistical Comparisons of Classifiers over Multiple Data Sets", JMLR 7
 * (2006), section 3.2.2.
 */
export function criticalDifference(models: number, tasks: number): number {
  return nemenyiQuantile(models) * Math.sqrt((models * (models + 1)) / (6 * tasks));
}

/**
 * The 95% point of the studentized range of `models` values with infinite degrees of freedom, divided by the square
 * root of 2.
 */
export function nemenyiQuantile(models: number): number {
  let [low, high] = [0, 20];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (rangeProbability(middle, models) < 0.95) low = middle;
    else high = middle;
  }
  return low / Math.SQRT2;
}

/** The probability that the range of `count` standard normal values is below `range`, by Simpson's rule. */
function rangeProbability(range: number, count: number): number {
  const step = (2 * reach) / steps;
  let sum = 0;
  for (let index = 0; index <= steps; index += 1) {
    const z = -reach + index * step;
    const weight = index === 0 || index === steps ? 1 : index % 2 === 1 ? 4 : 2;
    sum += weight * normalDensity(z) * Math.max(0, normalShare(z) - normalShare(z - range)) ** (count - 1);
  }
  return (count * sum * step) / 3;
}

function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** The share of standard normal values below `z`. */
function normalShare(z: number): number {
  return z < 0 ? twoSidedTail(z) / 2 : 1 - twoSidedTail(z) / 2;
}

/** Maximal groups of models, as indices into `sortedRanks`, of which no two are a critical difference apart. */
export function undividedGroups(sortedRanks: readonly number[], difference: number): [first: number, last: number][] {
  const groups: [number, number][] = [];
  sortedRanks.forEach((rank, first) => {
    const last = sortedRanks.findLastIndex((other) => other - rank <= difference);
    if (last > first && last > (groups.at(-1)?.[1] ?? -1)) groups.push([first, last]);
  });
  return groups;
}
