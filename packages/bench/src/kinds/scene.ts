import { type Metric, type SceneDecision, type SceneMetric, type SceneScores, thresholdsOf } from '@hearken/metrics';
import { isBetter } from '../probes/better-score.js';
import type { TaskMetadata } from '@hearken/tasks';
import { meanLoss } from '../evaluation/loss.js';
import { sceneSettings } from './scene-settings.js';
import type { Scoring } from '../evaluation/scoring.js';
import { sceneMetrics } from './task-metrics.js';

/**
 * Scores over whole clips. The task's first metric decides on validation. Metrics of yes and no get their thresholds
 * there, too: they go with that check's parameters and are applied to the test split unchanged.
 */
export function sceneScoring(
  metadata: TaskMetadata,
  labels: readonly string[],
  custom: readonly Metric[] = [],
): Scoring<SceneDecision | null> {
  const metrics = sceneMetrics(metadata, labels, custom);
  const deciding = metrics[0];
  const predictionType = metadata.predictionType === 'multilabel' ? 'multilabel' : 'multiclass';
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
            : meanLoss(logits, targets, labels.length, metadata.predictionType);
          // A training keeps the decision of its best check alone: the others need none.
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

/** Null where no metric needs thresholds. */
function thresholdsFor(metrics: readonly SceneMetric[], scores: SceneScores): SceneDecision | null {
  const chosen = metrics.flatMap((metric) => {
    const thresholds = metric.chooseThresholds?.(scores);
    return thresholds === undefined ? [] : [[metric.name, thresholds] as const];
  });
  return chosen.length === 0 ? null : { thresholds: Object.fromEntries(chosen) };
}
