import { OptionError } from '@hearken/core';
import { normalQuantile } from '../normal-quantile.js';
import { betaQuantile, studentQuantile } from './incomplete-beta.js';

/** The two ends of a confidence interval. */
export interface Bounds {
  /** Its lower end. */
  readonly low: number;
  /** Its upper end. */
  readonly high: number;
}

/**
 * The exact interval of a share of independent answers: 60 correct of 60 is [0.940, 1] at 95%. Its coverage is never
 * below its level. With an effective number of answers, which need not be whole, it is the interval of Korn and
 * Graubard. Source: C. Clopper, E. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
 * binomial", Biometrika 26 (1934); E. Korn, B. Graubard, "Confidence intervals for proportions with small expected
 * number of positive counts estimated from survey data", Survey Methodology 24 (1998).
 *
 * @param share 0 to 1
 * @param size number of answers, over 0
 */
export function shareInterval(share: number, size: number, level = 0.95): Bounds {
  checkLevel(level);
  const outside = (1 - level) / 2;
  const right = share * size;
  const wrong = size - right;
  return {
    low: right <= 0 ? 0 : betaQuantile(outside, right, wrong + 1),
    high: wrong <= 0 ? 1 : betaQuantile(1 - outside, right + 1, wrong),
  };
}

/**
 * The number of answers that gives the same interval for a variance estimated from few units: the quantile of Student's
 * t distribution is larger than the normal one (Korn and Graubard 1998, section 2).
 *
 * @param size as if the variance were known
 * @param degrees degrees of freedom of the variance
 */
export function adjustedSize(size: number, degrees: number, level = 0.95): number {
  const known = normalQuantile((1 + level) / 2);
  return size * (known / studentQuantile((1 + level) / 2, degrees)) ** 2;
}

/**
 * The number of independent answers whose share is as uncertain as an area under the ROC curve, by the formula for the
 * area's variance, which is valid near 1, where estimates fail. Source: J. Hanley, B. McNeil, "The meaning and use of
 * the area under a receiver operating characteristic (ROC) curve", Radiology 143 (1982), as R. Newcombe, "Confidence
 * intervals for an effect size measure based on the Mann-Whitney statistic, part 2", Statistics in Medicine 25 (2006),
 * method 5, has it: with the mean of both numbers in the numerator.
 *
 * @param area 0 to 1
 */
export function areaSize(area: number, positives: number, negatives: number): number {
  const mean = (positives + negatives) / 2;
  const factor = 1 + (mean - 1) * ((1 - area) / (2 - area) + area / (1 + area));
  return (positives * negatives) / factor;
}

/** @throws OptionError unless `level` is a share between 0 and 1 */
export function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  throw new OptionError({
    asked: 'a confidence level',
    found: String(level),
    fix: 'pass a share between 0 and 1, such as 0.95',
  });
}
