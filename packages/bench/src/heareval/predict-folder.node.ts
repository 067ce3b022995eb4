import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifacts } from '@hearken/artifacts';
import { FileError } from '@hearken/core';
import { bytesSha256, readIfThere, type UnreadableFile, writeFileAtomic, writeFileInPlace } from '@hearken/core/node';
import type { Evaluation } from '@hearken/results';
import type { EvaluationProgress } from '../evaluation/evaluation.js';
import { taskScoring } from '../kinds/registry.js';
import { extensionIdentities, usedExtensions } from '@hearken/results/internal';
import { type Extensions, extensionsOf } from '../extensions/extensions.js';
import { constantEmbeddings } from '../guards/constant-embeddings.js';
import { unseenLabels } from '../guards/unseen-labels.js';
import type { Warning } from '../guards/warning.js';
import { isRecord, parseBoundedJson } from '@hearken/core/internal';
import type { Evaluate } from '../run/benchmark.js';
import { hashIdentity } from '@hearken/results/internal/node';
import type { EvaluationIdentity, RunIdentity } from '@hearken/results/node';
import { constantAnswers, testAnswers } from '../run/fold-answers.js';
import { trainingRecords } from '../run/training-records.node.js';
import { scoreContexts } from '@hearken/metrics/internal';
import { donePredictions, scoresFile, unfinishedScores } from './embedding-files.js';
import { predictedScores, type PredictedScores } from './predicted-scores.js';
import { modelOfFolder, readEmbeddingFolder } from './read-embedding-folder.node.js';

/** How to score embedding folders, and custom metrics and probes. */
export interface PredictFolderOptions extends Extensions {
  readonly evaluation: EvaluationIdentity;
  /** Where finished trainings are kept, from which an interrupted call continues. */
  readonly artifacts: Artifacts;
  /** Score again what is already scored. */
  readonly force?: boolean;
  readonly threads?: number;
  /** Default: `evaluateTask`. */
  readonly evaluate?: Evaluate;
  readonly abortSignal?: AbortSignal;
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

/** The outcome of scoring an embedding folder. */
export interface PredictedFolder {
  readonly folder: string;
  /** The task's id. */
  readonly task: string;
  /** The name of the folder's parent. */
  readonly model: string;
  /** The task's first metric. */
  readonly metric: string;
  /** Mean and deviation over folds. */
  readonly score: number | null;
  readonly deviation: number | null;
  /** Number of test clips in all folds. */
  readonly clips: number | null;
  /** The score of giving every clip the same answer; null if that is undefined. */
  readonly chance: number | null;
  readonly scores: PredictedScores;
  /** The file with the scores. */
  readonly path: string;
  readonly warnings: readonly Warning[];
  /** Whether it was scored before this call. */
  readonly reused: boolean;
}

const maximumScoresBytes = 2 ** 28;

/** `prediction-done.json`: heareval's keys, then Hearken's. */
interface DoneFile {
  readonly hearken?: Pick<PredictedFolder, 'score' | 'deviation'> &
    Partial<Pick<PredictedFolder, 'clips' | 'chance'>> & { readonly identity: string; readonly scoresSha256?: string };
}

/**
 * Scores an embedding folder written by Hearken or heareval, and writes `test.predicted-scores.json` and
 * `prediction-done.json` to it, like heareval. Several processes may do so at the same time; the last one's scores stay.
 *
 * @throws TaskError if the folder is damaged, FileError if it cannot be written to or has scores of heareval's own
 */
export async function predictFolder(folder: string, options: PredictFolderOptions): Promise<PredictedFolder> {
  const embedded = await readEmbeddingFolder(folder);
  const { input, id, contentHash } = embedded;
  const model = modelOfFolder(folder);
  const { evaluation: metrics } = input.metadata;
  const { records: extensions } = usedExtensions(options, metrics, options.evaluation.probe);
  // Metrics that are unknown, or for another kind of task, are refused before anything is trained.
  taskScoring(input.metadata, input.labels, options.metrics);
  const evaluated = {
    ...options.evaluation,
    ...(extensions.length === 0 ? {} : { extensions: extensionIdentities(extensions) }),
  };
  const identity = runIdentity(model, id, contentHash, evaluated);
  const path = join(folder, scoresFile);
  const metric = input.metadata.evaluation[0];
  const warnings = [
    ...unseenLabels({ id, metadata: input.metadata, labels: input.labels, splits: input.splits }),
    ...constantEmbeddings(id, input.splits.values()),
    ...(embedded.done ? [] : [unfinished(folder)]),
  ];
  const shared = { folder, task: id, model, metric, path, warnings };
  const known = options.force === true ? undefined : await readDone(folder, path, hashIdentity(identity));
  if (known !== undefined) return { ...shared, ...known, reused: true };
  const journal = trainingRecords(options.artifacts, identity);
  if (options.force === true) await journal.remove();
  const evaluate = options.evaluate ?? (await import('../evaluation/evaluate-task.node.js')).evaluateTask;
  const start = performance.now();
  const evaluation = await evaluate(input, {
    ...options.evaluation,
    ...extensionsOf(options),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    journal,
    abortSignal: options.abortSignal,
    onProgress: options.onProgress,
  });
  const scores = predictedScores(input, evaluation, folder, options.metrics);
  const { mean: score, deviation } = evaluation.scores[metric];
  const answers = testAnswers(input, evaluation.folds);
  const contexts = answers && scoreContexts(answers, [metric], input.labels, constantAnswers(input), options.metrics);
  const { clips = null, chance = null } = contexts?.[metric] ?? {};
  const mark = join(folder, unfinishedScores);
  await writeFileInPlace(mark, '');
  await writeFileAtomic(path, JSON.stringify(scores, undefined, 4));
  const done = {
    ...doneFile(folder, embedded.size, options.evaluation, (performance.now() - start) / 1000),
    hearken: {
      identity: hashIdentity(identity),
      // Another process may have scored the folder differently at the same time.
      scoresSha256: scoresSha256(scores),
      score,
      deviation,
      clips,
      chance,
      evaluation: options.evaluation,
      ...(extensions.length === 0 ? {} : { extensions }),
      seconds: secondsOf(evaluation),
    },
  };
  await writeFileAtomic(join(folder, donePredictions), JSON.stringify(done, undefined, 4));
  await rm(mark, { force: true });
  await journal.remove();
  return { ...shared, score, deviation, clips, chance, scores, reused: false };
}

/** The scores of an identical earlier call; undefined if there are none. */
async function readDone(
  folder: string,
  path: string,
  identity: string,
): Promise<Pick<PredictedFolder, 'score' | 'deviation' | 'clips' | 'chance' | 'scores'> | undefined> {
  // In the opposite order of writing: another process may finish in between.
  const scores = await readJson(path);
  const isUnfinished = (await readJson(join(folder, unfinishedScores))) !== undefined;
  const done = await readJson(join(folder, donePredictions));
  if (done === undefined && (scores === undefined || isUnfinished)) return undefined;
  const ours = (done as DoneFile | undefined)?.hearken;
  if (ours === undefined) {
    throw new FileError({
      asked: `to score '${folder}'`,
      found: 'scores that heareval left there',
      fix: 'pass --force to replace them, or score a copy of the folder',
    });
  }
  if (ours.identity !== identity || scores === undefined) return undefined;
  // Earlier versions recorded neither this, nor the number of clips and the chance level.
  if (ours.scoresSha256 !== undefined && ours.scoresSha256 !== scoresSha256(scores)) return undefined;
  const { score, deviation, clips = null, chance = null } = ours;
  return { score, deviation, clips, chance, scores };
}

/** Identifies scores, whoever computed them and in whatever time. */
function scoresSha256(scores: PredictedScores): string {
  const withoutTimes = (key: string, value: unknown) => (key.startsWith('time_in_min') ? undefined : value);
  return bytesSha256(JSON.stringify(scores, withoutTimes));
}

/** What a file contains, `{}` if that can't be read; undefined if there is none. */
async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const refuse = ({ found }: UnreadableFile) => new Error(found);
    const bytes = await readIfThere(path, { maximumBytes: maximumScoresBytes, refuse });
    if (bytes === undefined) return undefined;
    const value = parseBoundedJson(bytes.toString('utf8'));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function doneFile(folder: string, size: number, { gridPoints, grid }: EvaluationIdentity, seconds: number) {
  return {
    time: seconds,
    embedding_path: folder,
    embedding_size: size,
    grid_points: gridPoints,
    gpus: null,
    gpu_max_mem: null,
    gpu_device_name: null,
    in_memory: true,
    deterministic: true,
    grid,
  };
}

/** Embeddings are identified by their bytes: who computed them is unknown, and does not affect the score. */
function runIdentity(model: string, id: string, contentHash: string, evaluation: EvaluationIdentity): RunIdentity {
  return {
    model: {
      plugin: 'heareval',
      pluginVersion: '',
      model,
      checkpointSha256: null,
      options: {},
      backend: 'embedding folder',
    },
    task: { id, contentHash },
    evaluation,
  };
}

function unfinished(folder: string): Warning {
  return {
    code: 'embedding-not-done',
    message: `'${folder}' has no .done.embeddings: embedding may not have been completed, or a copy left out hidden files`,
  };
}

function secondsOf({ seconds }: Evaluation): number {
  return Math.round(seconds * 1000) / 1000;
}
