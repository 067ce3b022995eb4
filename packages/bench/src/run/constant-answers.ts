import type { EvaluationInput } from '../evaluation/evaluation-input.js';
import { rowsOfSplits } from '../evaluation/split-rows.js';
import { metricByName, type Metric } from '../metrics/index.js';
import { meanOrNull } from './resampling/mean-or-null.js';
import { fileAnswers, foldSplits, sceneScores, type TestAnswers } from './resampling/test-answers.js';
import { eventScores } from './resampling/weighted-events.js';

/** Answers of more labels than this are not kept in results. */
const maximumLabels = 1000;

/**
 * What somebody would answer for every clip who knows the training labels and hears nothing, fold by fold: how often each
 * label comes (the share of frames, of event tasks), or each target's mean. `[folds, labels]`
 */
export function constantAnswers(input: EvaluationInput): number[][] | undefined {
  if (input.labels.length > maximumLabels) return undefined;
  const width = input.labels.length;
  return foldSplits(input).map(({ train }) => {
    const rows = rowsOfSplits(input, train);
    const values = input.metadata.predictionType === 'regression' ? rows.values() : rows.targets();
    const means = new Array<number>(width).fill(0);
    values.forEach((value, index) => (means[index % width] += value));
    return means.map((sum) => sum / rows.count);
  });
}

/**
 * What such answers score on the test clips: the chance level, or that of the commonest class. Mean over folds.
 *
 * - one label a clip: the label frequencies for every clip, so that the commonest label is the answer and every ranking a tie;
 * - any number of labels: the same; F-measures and the predictive value answer every label, which scores more than none;
 * - numbers: the training mean;
 * - events: the labels that are there in more than half of the training frames, from each file's start to its last event.
 *
 * @param constants of each fold
 * @param own metrics beside Hearken's own
 * @returns null where it is undefined
 */
export function chanceLevel(
  name: string,
  folds: readonly TestAnswers[],
  constants: readonly (readonly number[])[],
  labels: readonly string[],
  own: readonly Metric[] = [],
): number | null {
  // A constant has no correlation with anything; its formula divides by 0.
  if (name === 'pearson') return 0;
  const metric = metricByName(name, own);
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
