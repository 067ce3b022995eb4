import type { Evaluation, FoldResult } from '@hearken/results';
import type { EvaluationInput } from '../evaluation/evaluation.js';
import { mean, type Metric, metricByName, standardDeviation } from '@hearken/metrics';
import { scoreParts } from '@hearken/metrics/internal';
import { postprocessingOf } from '../kinds/event.js';
import { probeOutput } from '../probes/outputs/registry.js';
import { rowsOfSplits } from '../evaluation/split-rows.js';
import { splitsOfFold, testAnswers } from '../run/fold-answers.js';
import { hyperparametersOf } from './hyperparameters.js';

/** heareval's scores of one fold: `test_loss`, `test_score`, `test_<metric>` and so on. */
export type FoldScores = Readonly<Record<string, number | null>>;

/** heareval's `test.predicted-scores.json`: a {@link FoldScores} for each test split, and values for all of them. */
export type PredictedScores = Readonly<Record<string, unknown>>;

/**
 * An evaluation as heareval writes it, with the keys in its order. `test_loss` is computed from the predicted
 * probabilities, which bound it; heareval's is computed from logits and has no bound.
 *
 * @param embeddingPath the embedding folder, as the user wrote it
 * @param custom custom metrics
 */
export function predictedScores(
  input: EvaluationInput,
  evaluation: Evaluation,
  embeddingPath: string,
  custom: readonly Metric[] = [],
): PredictedScores {
  const { metadata } = input;
  const folds = Object.fromEntries(evaluation.folds.map((fold) => [fold.test, foldScores(input, fold, custom)]));
  const aggregated = evaluation.folds.length > 1 ? { aggregated_scores: aggregate(Object.values(folds)) } : {};
  const postprocessing = postprocessingOf(evaluation.folds[0].decision);
  const deciding = metricByName(metadata.evaluation[0], custom);
  return {
    ...folds,
    ...aggregated,
    hparams: hyperparametersOf(evaluation.configuration),
    postprocessing:
      postprocessing === undefined
        ? []
        : [
            ['median_filter_ms', postprocessing.medianFilter],
            ['min_duration', postprocessing.minimumDuration],
          ],
    score_mode: metadata.useScoringForEarlyStopping && deciding.maximize ? 'max' : 'min',
    embedding_path: embeddingPath,
  };
}

function foldScores(input: EvaluationInput, fold: FoldResult, custom: readonly Metric[]): FoldScores {
  const { labels, metadata } = input;
  const scores: Record<string, number | null> = {
    test_loss: testLoss(input, fold),
    test_score: fold.scores[metadata.evaluation[0]],
  };
  const answers = testAnswers(input, [fold])?.[0];
  const parts = answers === undefined ? {} : scoreParts(answers, metadata.evaluation, labels, custom);
  for (const metric of metadata.evaluation) {
    scores[`test_${metric}`] = fold.scores[metric];
    for (const [part, value] of Object.entries(parts[metric] ?? {})) {
      if (reportedParts.includes(part)) scores[`test_${metric}_${part}`] = value;
    }
  }
  const { validationScore, epoch, seconds } = fold;
  return { ...scores, validation_score: validationScore, epoch, time_in_min: seconds / 60 };
}

/** The parts that heareval reports for an event metric. */
const reportedParts = ['f_measure', 'precision', 'recall', 'error_rate'];

function testLoss(input: EvaluationInput, fold: FoldResult): number {
  const targets = rowsOfSplits(input, splitsOfFold(input, fold)!.test).targets();
  return probeOutput(input.metadata).meanLossOfProbabilities(fold.predictions, targets, input.labels.length);
}

/** pandas' mean and sample standard deviation over folds; if one fold has no value, both are null. */
function aggregate(folds: readonly FoldScores[]): Record<string, number | null> {
  const aggregated: Record<string, number | null> = {};
  for (const key of Object.keys(folds[0])) {
    const values = folds.map((fold) => fold[key]).filter((value) => value !== null);
    const whole = values.length === folds.length;
    aggregated[`${key}_mean`] = whole ? mean(values) : null;
    aggregated[`${key}_std`] = whole ? standardDeviation(values) : null;
  }
  return aggregated;
}
