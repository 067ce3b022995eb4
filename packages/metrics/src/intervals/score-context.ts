import type { Metric } from '../kinds/registry.js';
import { metricByName } from '../registry.js';
import { chanceLevel } from './chance-level.js';
import { samplingUnits } from './sampling-units.js';
import type { TestAnswers } from '../kinds/registry.js';
import { scoringKind, scoringOf } from '../kinds/scoring.js';

/** Context for interpreting a score; missing in results of earlier versions. */
export interface ScoreContext {
  /** Number of test clips that the score is of, over all folds: for sensitivity, the positive ones. */
  readonly clips?: number;
  /** Number of groups (people, recordings) of the test clips, if the task has groups. */
  readonly groups?: number;
  /** The score of giving every clip the same answer, see `chanceLevel`; null if that is undefined. */
  readonly chance?: number | null;
  /**
   * The test splits on which the metric is undefined, and why. The score there is null or the metric's conventional
   * value, and says nothing about the model.
   */
  readonly undefinedOn?: readonly UndefinedScore[];
}

/** A test split on which a metric is undefined. */
export interface UndefinedScore {
  /** Name of the test split. */
  readonly test: string;
  /** The reason. */
  readonly because: string;
}

/**
 * The context of each metric's score.
 *
 * @param folds the first probe seed's answers
 * @param constants of each fold, see `constantAnswers`
 * @param custom metrics
 */
export function scoreContexts(
  folds: readonly TestAnswers[],
  metrics: readonly string[],
  labels: readonly string[],
  constants: readonly (readonly number[])[] | undefined,
  custom: readonly Metric[] = [],
): Record<string, ScoreContext> {
  const units = samplingUnits(folds);
  return Object.fromEntries(
    metrics.map((name) => {
      const metric = metricByName(name, custom);
      const undefinedOn = folds.flatMap((fold) => {
        const because = undefinedBecause(metric, fold, labels);
        return because === undefined ? [] : [{ test: fold.test, because }];
      });
      const context: ScoreContext = {
        clips: folds.reduce((sum, fold) => sum + countedClips(metric, fold, labels), 0),
        ...(units.kind === 'groups' ? { groups: units.count } : {}),
        ...(constants === undefined ? {} : { chance: chanceLevel(name, folds, constants, labels, custom) }),
        ...(undefinedOn.length === 0 ? {} : { undefinedOn }),
      };
      return [name, context];
    }),
  );
}

function countedClips(metric: Metric, answers: TestAnswers, labels: readonly string[]): number {
  const share = scoringOf(metric, answers)?.share(metric, answers, labels);
  return share === undefined ? answers.clips.length : share.counted.reduce((sum, one) => sum + one, 0);
}

/** Why a metric is undefined on a fold; undefined if it has a value. */
function undefinedBecause(metric: Metric, answers: TestAnswers, labels: readonly string[]): string | undefined {
  if (!scoringKind(answers).areFinite(answers)) return 'a prediction is not finite';
  return scoringOf(metric, answers)?.undefinedBecause(metric, answers, labels);
}
