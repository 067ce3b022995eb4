import type { Metric } from '../metric.js';
import { metricByName } from '../registry.js';
import { meanOrNull } from './mean-or-null.js';
import { fileAnswers, sceneScores, type TestAnswers } from '../kinds/answers.js';
import { eventScores } from '../kinds/event.js';

/**
 * What the same answer for every clip (`constantAnswers`) scores on the test clips: the chance level, or that of the commonest class. Mean over folds.
 *
 * - one label a clip: the label frequencies for every clip, so that the commonest label is the answer and every ranking a tie;
 * - any number of labels: the same; F-measures and the predictive value answer every label, which scores more than none;
 * - numbers: the training mean;
 * - events: the labels that are there in more than half of the training frames, from each file's start to its last event.
 *
 * @param constants of each fold
 * @param custom custom metrics
 * @returns null where it is undefined
 */
export function chanceLevel(
  name: string,
  folds: readonly TestAnswers[],
  constants: readonly (readonly number[])[],
  labels: readonly string[],
  custom: readonly Metric[] = [],
): number | null {
  // A constant has no correlation with anything; its formula divides by 0.
  if (name === 'pearson') return 0;
  const metric = metricByName(name, custom);
  return meanOrNull(folds.map((fold, index) => foldChance(metric, fold, constants[index], labels)));
}

function foldChance(
  metric: Metric,
  answers: TestAnswers,
  constant: readonly number[],
  labels: readonly string[],
): number | null {
  const width = labels.length;
  if (metric.kind === 'regression' && answers.kind === 'regression') {
    const predictions = Float64Array.from(answers.values, (_, index) => constant[index % width]);
    return metric.compute({ predictions, values: answers.values, labels });
  }
  if (metric.kind === 'scene' && answers.kind === 'scene') {
    const { thresholds: _, ...scores } = sceneScores(metric.name, answers, labels);
    const predictions = Float64Array.from(answers.targets, (_target, index) => constant[index % width]);
    const thresholds = /^f1_|^ppv$/.test(metric.name) ? { thresholds: [...constant] } : {};
    return metric.compute({ ...scores, predictions, ...thresholds });
  }
  if (metric.kind === 'event' && answers.kind === 'event') {
    const always = labels.filter((_, label) => constant[label] > 0.5);
    const files = fileAnswers(answers).map(({ reference }) => {
      const end = Math.max(0, ...reference.map((event) => event.end));
      return { reference, estimated: always.map((label) => ({ label, start: 0, end })) };
    });
    return metric.compute(eventScores(files, labels, [...files.keys()])) ?? 0;
  }
  return null;
}
