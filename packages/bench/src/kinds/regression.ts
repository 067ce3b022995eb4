import { TaskError } from '@hearken/core';
import type { Metric } from '@hearken/metrics';
import type { Clip } from '@hearken/tasks';
import type { Scoring } from '../probes/probe.js';
import type { EvaluationKind, LabelledTask } from './evaluation-kind.js';
import { predictionRangeWarnings } from './prediction-range.js';
import { metricsOfKind } from './task-metrics.js';

/** Numbers. */
export const regressionEvaluation: EvaluationKind = {
  targets: (clips, labels) => ({ targets: new Uint8Array(), values: clipValues(clips, labels) }),
  scoring: regressionScoring,
  rightAnswers: (rows) => rows.values(),
  answers: (_, rows, { predictions }) => ({ kind: 'regression', values: rows.values(), predictions }),
  warnings: (labels, train, fold) => predictionRangeWarnings(labels, train.values(), fold),
};

/** The values of a regression task's clips: `[clips, targets]`, in the targets' units. */
function clipValues(clips: readonly Clip[], targets: readonly string[]): Float64Array {
  const values = new Float64Array(clips.length * targets.length);
  clips.forEach((clip, row) => {
    if (clip.values?.length !== targets.length) {
      throw new TaskError({
        asked: `clip '${clip.name}' of a regression task`,
        found: `${clip.values?.length ?? 0} values for ${targets.length} targets`,
        fix: `give one number for each of ${targets.join(', ')}`,
      });
    }
    values.set(clip.values, row * targets.length);
  });
  return values;
}

/** Scores of numbers. The task's first metric decides on validation data. */
function regressionScoring({ metadata, labels }: LabelledTask, custom: readonly Metric[] = []): Scoring<null> {
  const metrics = metricsOfKind(metadata, 'regression', custom);
  const deciding = metrics[0];
  return {
    validation(rows) {
      const values = rows.values();
      const byMetric = metadata.useScoringForEarlyStopping;
      const maximize = byMetric && deciding.maximize;
      const worst = maximize ? -Infinity : Infinity;
      return {
        maximize,
        score: ({ probabilities: predictions }) => ({
          score: byMetric
            ? (deciding.compute({ predictions, values, labels }) ?? worst)
            : relativeSquaredError(predictions, values, labels.length),
          decision: null,
        }),
      };
    },
    test({ probabilities: predictions }, rows) {
      const scores = { predictions, values: rows.values(), labels };
      return Object.fromEntries(metrics.map((metric) => [metric.name, metric.compute(scores)]));
    },
  };
}

/** The mean over targets of the squared error divided by the target's variance: targets count the same in any unit. */
function relativeSquaredError(predictions: Float32Array, values: Float64Array, targets: number): number {
  const count = values.length / targets;
  let total = 0;
  for (let target = 0; target < targets; target += 1) {
    let mean = 0;
    for (let index = target; index < values.length; index += targets) mean += values[index] / count;
    let variance = 0;
    let error = 0;
    for (let index = target; index < values.length; index += targets) {
      variance += (values[index] - mean) ** 2;
      error += (predictions[index] - values[index]) ** 2;
    }
    total += error / (variance || count);
  }
  return total / targets;
}
