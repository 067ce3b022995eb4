import { modelName } from '../models/model-name.js';
import { FileError } from '@hearken/core';
import { groupBy } from '@hearken/core/internal';
import { hearTaskOf } from '@hearken/tasks';
import { bestHear2021Score } from '../hear-benchmark/normalized-score.js';
import { mean, metricByName } from '@hearken/metrics';
import { columnOf, sceneScores, type TestAnswers } from '@hearken/metrics/internal';
import { hashIdentity } from '../result/hash-identity.node.js';
import { modelIdentity } from '../result/identity.js';
import type { ResultAt } from '../format/read-results.node.js';
import type { Result } from '../format/result.js';
import { readStoredAnswers } from '../answers/stored-answers.node.js';
import type { ModelScores } from './aggregate.js';
import { folderText, isFolder, tasksOf, type Protocol, type ProtocolTask } from './protocol.js';

/** A model's scores on a protocol, and the missing tasks with the reasons. */
export interface CollectedScores extends ModelScores {
  /** The results used, with their files. */
  readonly results: readonly ResultAt[];
  /** Tasks of the protocol without a score. */
  readonly missing: readonly {
    /** The task's title. */
    readonly task: string;
    /** Why it has no score. */
    readonly reason: string;
  }[];
}

/** Which results count, if those with smaller training sets or across devices are wanted. */
export interface ResultSelection {
  /** Default: all training clips. */
  readonly trainFraction?: number;
  /** Column of `clips.csv` that separates training from test clips; default: the task's splits. */
  readonly column?: string;
}

/** Whether a result was computed with the protocol's probe and grid, on the selected training clips. */
export function followsProtocol(
  { evaluation: wanted }: Protocol,
  { evaluation }: Result,
  selection: ResultSelection = {},
): boolean {
  const { probe, grid, gridPoints, pca, trainFraction = 1, generalization } = evaluation;
  return (
    probe === wanted.probe &&
    grid === wanted.grid &&
    gridPoints === wanted.gridPoints &&
    pca === null &&
    trainFraction === (selection.trainFraction ?? 1) &&
    generalization?.column === selection.column
  );
}

/** Whether the task of a result belongs to a protocol. */
export function isOfProtocol(protocol: Protocol, { task }: Result): boolean {
  const folder = { taskName: task.name, mode: task.mode };
  return tasksOf(protocol).some(({ folders }) => folders.some((one) => isFolder(one, folder)));
}

/**
 * The scores of each model on a protocol's tasks; results of other tasks and evaluations are ignored.
 *
 * @throws FileError if a model has two results for a task
 */
export async function collectScores(
  protocol: Protocol,
  results: readonly ResultAt[],
  selection: ResultSelection = {},
): Promise<CollectedScores[]> {
  const used = results.filter(
    ({ result }) => isOfProtocol(protocol, result) && followsProtocol(protocol, result, selection),
  );
  const byModel = groupBy(used, ({ result }) => hashIdentity(modelIdentity(result.model)));
  const names = [...byModel.values()].map(([{ result }]) => modelName(result.model));
  const collected: CollectedScores[] = [];
  for (const [hash, modelResults] of byModel) {
    const name = names[collected.length];
    // Variants of a model, with other options or checkpoints, get distinct names.
    const model = names.filter((other) => other === name).length > 1 ? `${name} (${hash.slice(0, 8)})` : name;
    collected.push(await scoresOf(protocol, model, modelResults));
  }
  return collected;
}

async function scoresOf(protocol: Protocol, model: string, results: readonly ResultAt[]): Promise<CollectedScores> {
  const scores = new Map<string, number>();
  const missing: { task: string; reason: string }[] = [];
  const used = new Set<ResultAt>();
  for (const task of tasksOf(protocol)) {
    const values: number[] = [];
    for (const folder of task.folders) {
      const found = results.filter(({ result }) =>
        isFolder(folder, { taskName: result.task.name, mode: result.task.mode }),
      );
      if (found.length > 1) throw twice(model, folderText(folder), found);
      const value = found.length === 0 ? 'no result' : await taskScore(task, found[0]);
      if (typeof value === 'number') values.push(value);
      else missing.push({ task: task.title, reason: `${folderText(folder)}: ${value}` });
      for (const one of found) used.add(one);
    }
    if (values.length === task.folders.length) scores.set(task.title, aggregated(protocol, task, mean(values)));
  }
  return { model, scores, results: [...used], missing };
}

/** For normalised aggregation, a HEAR task's score is divided by the best score in the challenge. */
function aggregated({ aggregation }: Protocol, { folders: [{ taskName, mode }] }: ProtocolTask, score: number): number {
  if (aggregation !== 'normalized') return score;
  const task = hearTaskOf(taskName, mode ?? 'full');
  return task === undefined ? score : score / bestHear2021Score(task.title).score;
}

function twice(model: string, task: string, found: readonly ResultAt[]): FileError {
  return new FileError({
    asked: `one result of ${model} on ${task}`,
    found: `${found.length}: ${found.map(({ path }) => `'${path}'`).join(', ')}`,
    fix: 'pass only the one to use: they differ in seed, task content or other settings',
  });
}

/** A task's score from a result, or why it has none. */
async function taskScore({ metric, label }: ProtocolTask, at: ResultAt): Promise<number | string> {
  const { path, result } = at;
  if (label === undefined) {
    if (!Object.hasOwn(result.scores, metric)) return `no ${metric} in '${path}'`;
    return result.scores[metric].mean ?? `${metric} is undefined in '${path}'`;
  }
  const stored = await readStoredAnswers(path, result).catch((error: unknown) => {
    if (error instanceof FileError) return error;
    throw error;
  });
  if (stored instanceof FileError) return `${stored.asked}: ${stored.found}`;
  const { labels, answers } = stored;
  const index = labels.indexOf(label);
  if (index < 0) return `no label '${label}' in '${path}'`;
  const values = answers.map((fold) => labelScore(metric, fold, labels, index));
  return values.every((value) => value !== null) ? mean(values) : `${metric} of '${label}' is undefined in '${path}'`;
}

/** The metric for one label against all others. */
function labelScore(metric: string, answers: TestAnswers, labels: readonly string[], index: number): number | null {
  const known = metricByName(metric);
  if (answers.kind !== 'scene' || known.kind !== 'scene') return null;
  const ofLabel = {
    ...answers,
    targets: columnOf(answers.targets, index, labels.length),
    predictions: columnOf(answers.predictions, index, labels.length),
    scoring: { predictionType: 'multilabel' as const, settings: {} },
  };
  return known.compute(sceneScores(metric, ofLabel, [labels[index]]));
}
