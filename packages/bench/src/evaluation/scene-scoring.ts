import { TaskError } from '@hearken/core';
import { metricByName, type SceneMetric } from '../metrics/index.js';
import type { TaskMetadata } from '../tasks/task.js';
import { meanLoss } from './loss.js';
import type { Scoring } from './scoring.js';

/** Scores over whole clips. The task's first metric decides on validation. */
export function sceneScoring(metadata: TaskMetadata, labels: readonly string[]): Scoring<null> {
  const metrics = metadata.evaluation.map(sceneMetricByName);
  const deciding = metrics[0];
  return {
    validation(rows) {
      const targets = rows.targets();
      if (!metadata.useScoringForEarlyStopping) {
        return {
          maximize: false,
          score: ({ logits }) => ({
            score: meanLoss(logits, targets, labels.length, metadata.predictionType),
            decision: null,
          }),
        };
      }
      const worst = deciding.maximize ? -Infinity : Infinity;
      return {
        maximize: deciding.maximize,
        score: ({ probabilities }) => ({
          score: deciding.compute({ predictions: probabilities, targets, labels }) ?? worst,
          decision: null,
        }),
      };
    },
    test({ probabilities }, rows) {
      const scores = { predictions: probabilities, targets: rows.targets(), labels };
      return Object.fromEntries(metrics.map((metric) => [metric.name, metric.compute(scores)]));
    },
  };
}

function sceneMetricByName(name: string): SceneMetric {
  const metric = metricByName(name);
  if (metric.kind === 'scene') return metric;
  throw new TaskError({
    asked: `metric '${name}' of a scene task`,
    found: 'a metric over events',
    fix: 'name scene metrics in task_metadata.json, or make it an event task',
  });
}
