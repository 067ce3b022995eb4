import { poolingOf } from '../embeddings/pooling.js';
import {
  type Evaluation,
  type FoldResult,
  type Result,
  type ResultFold,
  resultSchemaVersion,
  type TestSummary,
} from '@hearken/results';
import { groupNoun, tooFewText } from '@hearken/tasks/internal';
import type { Task } from '@hearken/tasks';
import { executionOf, leftOutText, type ResultParts, subsetIdentity } from '@hearken/results/internal';
import { meanParts } from '@hearken/metrics/internal';
import type { GroupCounts } from '@hearken/tasks/internal/node';

/** The result without the files next to it; keys are in reading order. */
export function makeResult(parts: ResultParts): Result {
  const { task, embedder, evaluation, testSummary } = parts;
  const { metadata } = task;
  const { probe, grid, gridPoints, seed, seeds = 1, pca = null, head, finetune } = parts.options;
  const folds = (of: readonly FoldResult[], index: number) => resultFolds(of, testSummary, index, task.labels);
  return {
    schemaVersion: resultSchemaVersion,
    harness: { name: 'hearken', version: parts.harnessVersion },
    task: {
      id: task.id,
      name: metadata.taskName,
      version: metadata.version,
      mode: metadata.mode,
      contentHash: parts.contentHash,
      sampleRate: parts.sampleRate,
      embeddingType: metadata.embeddingType,
      predictionType: metadata.predictionType,
      splitMode: metadata.splitMode,
      modality: metadata.modality,
      labels: task.labels.length,
      clips: [...task.splits.values()].reduce((sum, clips) => sum + clips.length, 0),
    },
    model: {
      ...embedder.provenance,
      execution: executionOf(embedder.provenance) ?? { runtime: embedder.provenance.backend },
      ...(parts.checkpoint === undefined ? {} : { checkpoint: parts.checkpoint }),
      sampleRate: embedder.sampleRate,
      channels: embedder.channels,
      embeddingSize: poolingOf(metadata).size(embedder),
    },
    evaluation: {
      ...{ probe, grid, gridPoints, seed, seeds, pca },
      ...(head === undefined ? {} : { head }),
      ...(finetune === undefined ? {} : { finetune }),
      ...subsetIdentity(parts.options),
    },
    isDefault: parts.isDefault,
    ...(parts.extensions === undefined || parts.extensions.length === 0 ? {} : { extensions: parts.extensions }),
    ...(parts.trainClips === undefined ? {} : { trainClips: parts.trainClips }),
    ...(parts.leftOut === undefined ? {} : { leftOut: parts.leftOut }),
    ...(parts.groups === undefined ? {} : { groups: parts.groups }),
    ...(parts.resampler === undefined ? {} : { resampler: parts.resampler }),
    metric: metadata.evaluation[0],
    scores: resultScores(evaluation, testSummary),
    normalizedScore: parts.normalizedScore,
    folds: folds(evaluation.folds, 0),
    ...(evaluation.seeds === undefined
      ? {}
      : { seeds: evaluation.seeds.map((of, index) => ({ ...of, folds: folds(of.folds, index) })) }),
    configuration: evaluation.configuration,
    gridPoints: evaluation.gridPoints,
    epochsTrained: evaluation.epochsTrained,
    seconds: { embed: rounded(parts.embedSeconds), probe: rounded(evaluation.seconds) },
    cachedClips: parts.cachedClips,
    peakMemoryBytes: parts.peakMemoryBytes,
    predictions: null,
    testClips: null,
    machine: parts.machine,
    startedAt: parts.startedAt.toISOString(),
    finishedAt: parts.finishedAt.toISOString(),
    warnings: [
      ...leftOutWarnings(parts),
      ...parts.warnings,
      ...warningsOf(task, evaluation, testSummary),
      ...groupWarnings(parts),
    ],
    assumptions: assumptionsOf(parts),
  };
}

function resultScores(
  { scores }: Evaluation,
  { intervals, areaIntervals, contexts, parts }: TestSummary,
): Result['scores'] {
  return Object.fromEntries(
    Object.entries(scores).map(([metric, summary]) => {
      // The mean over all folds of all seeds, which have the same number.
      const metricParts = parts.flat().flatMap((fold) => (Object.hasOwn(fold, metric) ? [fold[metric]] : []));
      const delong = areaIntervals?.[metric] === undefined ? {} : { delong: areaIntervals[metric] };
      const shared = { ...summary, interval: intervals[metric] ?? null, ...contexts?.[metric], ...delong };
      return [metric, metricParts.length === 0 ? shared : { ...shared, parts: meanParts(metricParts) }];
    }),
  );
}

function resultFolds(
  folds: readonly FoldResult[],
  { parts, constants }: TestSummary,
  seed: number,
  labels: readonly string[],
): ResultFold[] {
  return folds.map(({ predictions, ...fold }, index) => {
    const foldParts: ResultFold['parts'] = parts.at(seed)?.[index] ?? {};
    const rows = predictions.length / labels.length;
    // The same for every seed, so stated once.
    const constant = seed === 0 && constants !== undefined ? { constant: constants[index] } : {};
    return { ...fold, rows, ...constant, ...(Object.keys(foldParts).length === 0 ? {} : { parts: foldParts }) };
  });
}

function leftOutWarnings({ task, leftOut = [] }: ResultParts): string[] {
  const used = [...task.splits.values()].reduce((sum, clips) => sum + clips.length, 0);
  const text = leftOutText(leftOut, used);
  return text === undefined ? [] : [text];
}

/** What few groups mean for the score. */
function groupWarnings({ groups, testSummary, task }: ResultParts): string[] {
  const count = testSummary.contexts?.[task.metadata.evaluation[0]]?.groups;
  if (groups === undefined || count === undefined) return [];
  const few = tooFewText(count, nounOf(groups));
  return few === undefined ? [] : [`test clips: ${few}`];
}

/** `people` or `groups`, depending on what the task says they are. */
function nounOf({ by, column }: GroupCounts): string {
  return groupNoun(by ?? column);
}

/** What the intervals assume. */
function assumptionsOf({ groups, testSummary }: ResultParts): string[] {
  if (Object.keys(testSummary.intervals).length === 0) return [];
  return groups === undefined
    ? [
        'intervals assume that the test clips are independent of each other: the task has no clips.csv that names groups',
      ]
    : [
        `intervals are over ${nounOf(groups)} (column '${groups.column}' of clips.csv), whose clips are not independent of each other`,
      ];
}

/** What readers of the score should know. */
function warningsOf(task: Task, { scores, folds }: Evaluation, { contexts }: TestSummary): string[] {
  const undefinedMetrics = Object.entries(scores).flatMap(([metric, { mean }]) => {
    const on = contexts?.[metric]?.undefinedOn ?? [];
    if (on.length === 0) return mean === null ? [`${metric} is undefined on this task's test splits`] : [];
    const named = on.map(({ test, because }) => `${test} (${because})`).join(', ');
    const value = mean === null ? '' : "; the number shown is the metric's conventional value";
    return [`${metric} is undefined on test split ${named}${value}`];
  });
  const stopped = folds.flatMap(({ test, details }) =>
    details?.stoppedAt === undefined
      ? []
      : [
          `fold ${test}: training ended at epoch ${JSON.stringify(details.stoppedAt)}, because its validation score was not finite`,
        ],
  );
  const unlearned = folds
    // A model's own head is not trained at all.
    .filter(({ epoch, epochsTrained }) => epoch === 0 && epochsTrained > 0)
    .map(({ test }) => `fold ${test}: no epoch improved the validation score`);
  const sampleRate = task.sampleRates[task.sampleRates.length - 1];
  const slow =
    task.metadata.modality === 'audio' && sampleRate < 8000
      ? [`the audio has a sample rate of only ${sampleRate} Hz`]
      : [];
  return [...undefinedMetrics, ...stopped, ...unlearned, ...slow];
}

/** Durations are rounded to milliseconds. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
