import type { Evaluation, FoldResult } from '../evaluation/evaluation.js';
import type { Task } from '../tasks/task.js';
import { subsetIdentity } from './identity.node.js';
import { meanParts } from './resampling/score-parts.js';
import { resultSchemaVersion, type Result, type ResultFold, type ResultParts, type TestSummary } from './result.js';

/** The result without the files beside it, keys in the order in which they are to be read. */
export function makeResult(parts: ResultParts): Result {
  const { task, embedder, evaluation, testSummary } = parts;
  const { metadata } = task;
  const event = metadata.embeddingType === 'event';
  const { probe, grid, gridPoints, seed, seeds = 1, pca = null } = parts.options;
  const folds = (of: readonly FoldResult[], index: number) => resultFolds(of, testSummary.parts[index], task.labels);
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
      sampleRate: embedder.sampleRate,
      channels: embedder.channels,
      embeddingSize: event ? embedder.timestampEmbeddingSize : embedder.sceneEmbeddingSize,
    },
    evaluation: { probe, grid, gridPoints, seed, seeds, pca, ...subsetIdentity(parts.options) },
    ...(parts.extensions === undefined || parts.extensions.length === 0 ? {} : { extensions: parts.extensions }),
    ...(parts.trainClips === undefined ? {} : { trainClips: parts.trainClips }),
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
    warnings: [...parts.warnings, ...warningsOf(task, evaluation)],
  };
}

function resultScores({ scores }: Evaluation, { intervals, areaIntervals, parts }: TestSummary): Result['scores'] {
  return Object.fromEntries(
    Object.entries(scores).map(([metric, summary]) => {
      // The mean of every seed's folds: all have as many.
      const own = parts.flat().flatMap((fold) => (Object.hasOwn(fold, metric) ? [fold[metric]] : []));
      const delong = metric === 'aucroc' && areaIntervals !== undefined ? { delong: areaIntervals } : {};
      const shared = { ...summary, interval: intervals[metric] ?? null, ...delong };
      return [metric, own.length === 0 ? shared : { ...shared, parts: meanParts(own) }];
    }),
  );
}

function resultFolds(
  folds: readonly FoldResult[],
  parts: TestSummary['parts'][number] | undefined,
  labels: readonly string[],
): ResultFold[] {
  return folds.map(({ predictions, ...fold }, index) => {
    const own = parts?.[index] ?? {};
    const rows = predictions.length / labels.length;
    return { ...fold, rows, ...(Object.keys(own).length === 0 ? {} : { parts: own }) };
  });
}

/** What a reader of the score should know. */
function warningsOf(task: Task, { scores, folds }: Evaluation): string[] {
  const undefinedMetrics = Object.entries(scores)
    .filter(([, { mean }]) => mean === null)
    .map(([metric]) => `${metric} is undefined on this task's test splits`);
  const unlearned = folds.filter(({ epoch }) => epoch === 0).map(({ test }) => `no epoch improved on fold ${test}`);
  const sampleRate = task.sampleRates[task.sampleRates.length - 1];
  const slow = task.metadata.modality === 'audio' && sampleRate < 8000 ? [`audio of only ${sampleRate} Hz`] : [];
  return [...undefinedMetrics, ...unlearned, ...slow];
}

/** Milliseconds are as fine as a duration needs. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
