import type { Metric } from '../kinds/registry.js';
import { metricByName } from '../registry.js';
import { chanceLevel } from './chance-level.js';
import { samplingUnits } from './sampling-units.js';
import type { TestAnswers } from '../kinds/registry.js';
import { scoringKind, scoringOf } from '../kinds/scoring.js';

/** What a score is to be read with; results of earlier versions lack it. */
export interface ScoreContext {
  /** Test clips that the score is of: of a sensitivity the positive ones. Over all folds. */
  readonly clips?: number;
  /** Groups (people, recordings) that the test clips come in, where the task names them. */
  readonly groups?: number;
  /** What the same answer for every clip would score, see `chanceLevel`; null where that is undefined. */
  readonly chance?: number | null;
  /**
   * The test splits on which the metric is undefined, and why. The score there is null, or the number that the metric's
   * original gives by convention: it says nothing of the model.
   */
  readonly undefinedOn?: readonly UndefinedScore[];
}

/** A test split on which a metric is undefined. */
export interface UndefinedScore {
  /** Name of the test split. */
  readonly test: string;
  /** Why. */
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

/** Why a metric is undefined on a fold; undefined where it is a measurement. */
function undefinedBecause(metric: Metric, answers: TestAnswers, labels: readonly string[]): string | undefined {
  if (!scoringKind(answers).areFinite(answers)) return 'a prediction is not finite';
  return scoringOf(metric, answers)?.undefinedBecause(metric, answers, labels);
}
