import { TaskError } from '@hearken/core';
import {
  isCinc2020Weights,
  type Metric,
  type SceneDecision,
  type SceneMetric,
  type SceneMetricTask,
  type SceneScores,
  type SceneSettings,
  thresholdsOf,
} from '@hearken/metrics';
import type { Clip, TaskMetadata } from '@hearken/tasks';
import { type Scoring, isBetter } from '../probes/probe.js';
import { probeOutput } from '../probes/outputs/registry.js';
import type { EvaluationKind, LabelledTask } from './evaluation-kind.js';
import { indexByLabel } from './label-index.js';
import { metricsOfKind } from './task-metrics.js';

/** Labels of whole clips. */
export const sceneEvaluation: EvaluationKind = {
  targets: (clips, labels) => ({ targets: sceneTargets(clips, labels) }),
  scoring: sceneScoring,
  rightAnswers: (rows) => rows.targets(),
  answers({ metadata }, rows, { predictions, decision }) {
    const chosen = metadata.evaluation.flatMap((name) => {
      const thresholds = thresholdsOf(decision, name);
      return thresholds === undefined ? [] : [[name, thresholds] as const];
    });
    const scoring = {
      predictionType: sceneType(metadata),
      settings: sceneSettings(metadata),
      ...(chosen.length === 0 ? {} : { thresholds: Object.fromEntries(chosen) }),
    };
    return { kind: 'scene', targets: rows.targets(), predictions, scoring };
  },
  warnings: () => [],
};

function sceneType({ predictionType }: Pick<TaskMetadata, 'predictionType'>): SceneMetricTask['predictionType'] {
  return probeOutput({ predictionType }).isExclusive ? 'multiclass' : 'multilabel';
}

/** The labels of rows: `[rows, labels]`, 1 if a row has the label. */
export function sceneTargets(clips: readonly Clip[], labels: readonly string[]): Uint8Array {
  const indexOf = indexByLabel(labels);
  const targets = new Uint8Array(clips.length * labels.length);
  clips.forEach((clip, row) => {
    for (const label of clip.labels) targets[row * labels.length + indexOf(label, clip)] = 1;
  });
  return targets;
}

function sceneMetrics({ metadata, labels }: LabelledTask, custom: readonly Metric[]): SceneMetric[] {
  const task: SceneMetricTask = { labels, predictionType: sceneType(metadata), settings: sceneSettings(metadata) };
  const metrics = metricsOfKind(metadata, 'scene', custom);
  for (const metric of metrics) {
    const missing = metric.missing?.(task);
    if (missing === undefined) continue;
    throw new TaskError({ asked: `metric '${metric.name}' of task '${metadata.taskName}'`, ...missing });
  }
  return metrics;
}

/**
 * Scores of whole clips. The task's first metric decides on validation data. Binary metrics get their thresholds there,
 * too: they are stored with that check's parameters and applied to the test split unchanged.
 */
function sceneScoring(
  { metadata, labels }: LabelledTask,
  custom: readonly Metric[] = [],
): Scoring<SceneDecision | null> {
  const metrics = sceneMetrics({ metadata, labels }, custom);
  const deciding = metrics[0];
  const predictionType = sceneType(metadata);
  const settings = sceneSettings(metadata);
  const compute = (metric: SceneMetric, scores: SceneScores, decision: SceneDecision | null) => {
    const thresholds = thresholdsOf(decision, metric.name);
    return metric.compute(thresholds === undefined ? scores : { ...scores, thresholds });
  };
  return {
    validation(rows) {
      const targets = rows.targets();
      const maximize = metadata.useScoringForEarlyStopping && deciding.maximize;
      const worst = maximize ? -Infinity : Infinity;
      let best: number | undefined;
      return {
        maximize,
        score({ probabilities, logits }) {
          const scores: SceneScores = { predictions: probabilities, targets, labels, predictionType, settings };
          const score = metadata.useScoringForEarlyStopping
            ? (compute(deciding, scores, thresholdsFor([deciding], scores)) ?? worst)
            : probeOutput(metadata).meanLoss(logits, targets, labels.length);
          // A training only keeps the decision of its best check.
          const kept = best === undefined || isBetter(score, best, maximize);
          if (kept) best = score;
          return { score, decision: kept ? thresholdsFor(metrics, scores) : null };
        },
      };
    },
    test({ probabilities }, rows, decision) {
      const scores = { predictions: probabilities, targets: rows.targets(), labels, predictionType, settings } as const;
      return Object.fromEntries(metrics.map((metric) => [metric.name, compute(metric, scores, decision)]));
    },
  };
}

/** Null if no metric needs thresholds. */
function thresholdsFor(metrics: readonly SceneMetric[], scores: SceneScores): SceneDecision | null {
  const chosen = metrics.flatMap((metric) => {
    const thresholds = metric.chooseThresholds?.(scores);
    return thresholds === undefined ? [] : [[metric.name, thresholds] as const];
  });
  return chosen.length === 0 ? null : { thresholds: Object.fromEntries(chosen) };
}

/**
 * What `evaluation_params` says about the labels: `positive_label`, `normal_label`, and `cinc2020_weights` as read from
 * the task's folder.
 *
 * @throws TaskError for a name that is not text
 */
export function sceneSettings({ taskName, evaluationParams }: TaskMetadata): SceneSettings {
  const named = (key: string) => {
    const value = evaluationParams[key];
    if (value === undefined) return undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new TaskError({
      asked: `evaluation_params.${key} of task '${taskName}'`,
      found: JSON.stringify(value).slice(0, 80),
      fix: 'name one label of labelvocabulary.csv',
    });
  };
  const [positiveLabel, normalLabel] = [named('positive_label'), named('normal_label')];
  const weights = evaluationParams.cinc2020_weights;
  return {
    ...(positiveLabel === undefined ? {} : { positiveLabel }),
    ...(normalLabel === undefined ? {} : { normalLabel }),
    ...(isCinc2020Weights(weights) ? { cinc2020Weights: weights } : {}),
  };
}
