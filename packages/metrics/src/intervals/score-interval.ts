import type { ConfidenceInterval } from '../statistics/bootstrap.js';

/**
 * How an interval was computed:
 * - `clopper-pearson`: exact, for a share of independent clips;
 * - `korn-graubard`: the same, with the number of independent clips that the groups' clips are worth;
 * - `jackknife`: the same, with the number of clips that the score's jackknife variance is worth (scores in [0, 1]);
 * - `jackknife-log`, `jackknife-fisher`, `jackknife-t`: Student's t with the jackknife's standard error, of the
 *   logarithm (errors), of Fisher's z (a correlation), or of the score itself;
 * - `bootstrap-percentile`: the middle of resampled scores; with few clips its coverage may be below its level.
 */
export type IntervalMethod =
  | 'clopper-pearson'
  | 'korn-graubard'
  | 'jackknife'
  | 'jackknife-log'
  | 'jackknife-fisher'
  | 'jackknife-t'
  | 'bootstrap-percentile';

/** A confidence interval of a score, over draws of test clips or of their groups. */
export interface ScoreInterval extends ConfidenceInterval {
  /** How it was computed; results of earlier versions have percentile intervals and do not say so. */
  readonly method?: IntervalMethod;
  /** What is independent: clips, or groups of them. */
  readonly over?: 'clips' | 'groups';
}
