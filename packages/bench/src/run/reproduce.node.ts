import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { cacheFolders } from '@hearken/core/node';
import type { Result } from '@hearken/results';
import type { ResultAt } from '@hearken/results/node';
import { type ComparedScore, compareScores, type EnvironmentRow, environmentRows } from '@hearken/results/internal';
import { type ComparedPredictions, comparePredictions, readAllPredictions } from '@hearken/results/internal/node';
import { type BenchmarkOptions, hasFailed } from './benchmark.js';
import { checkExtensionsOf, checkModel, findNamedTask } from './named-in-result.node.js';
import { namedModelOptions } from './named-model-options.node.js';
import { runBenchmark } from './run-benchmark.node.js';

/** How to compute a result again. */
export interface ReproduceOptions extends Pick<
  BenchmarkOptions,
  | 'checkpoint'
  | 'modelOptions'
  | 'runtime'
  | 'cache'
  | 'registry'
  | 'abortSignal'
  | 'onEvent'
  | 'metrics'
  | 'probes'
  | 'extensionModules'
> {
  /** The result and its file, which is only read. */
  readonly result: ResultAt;
  /** Where to look for its task: folders, archives, and folders that contain them. */
  readonly tasks: readonly string[];
  /** Where the plugin is, such as a path; default: the plugin and model that the result names. */
  readonly model?: string;
  /** A new or empty folder for the new result; default: it is not kept. */
  readonly out?: string;
  /** How far apart equal numbers may be, see `areEqual`. */
  readonly tolerance: number;
}

/** A result, and what computing it again gave. */
export interface Reproduction {
  readonly recorded: Result;
  readonly here: Result;
  /** The new result's file, if it was kept. */
  readonly path?: string;
  /** All scores of the result. */
  readonly scores: readonly ComparedScore[];
  /** Of the seeds whose predictions are stored in both. */
  readonly predictions: readonly ComparedPredictions[];
  readonly environment: readonly EnvironmentRow[];
  /** Whether all scores and predictions are equal within the tolerance. */
  readonly isEqual: boolean;
}

/**
 * Computes a result again from what it names, and compares. Without `cache`, nothing that was computed before is used.
 *
 * @throws HearkenError if the model, checkpoint, task, metric or probe is not the one that the result names, or its
 *   predictions are damaged: then nothing has been computed; and if the run fails
 */
export async function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  const { path: given, result: recorded } = options.result;
  const known = await readAllPredictions(given, recorded);
  if (options.out !== undefined) await checkNewFolder(options.out);
  const temporary = await mkdtemp(join(tmpdir(), 'hearken-reproduce-'));
  try {
    const out = options.out ?? join(temporary, 'results');
    const outcome = await runAgain(recorded, { ...options, out, cache: options.cache ?? join(temporary, 'cache') });
    const { result: here, path } = outcome;
    const { tolerance } = options;
    const scores = compareScores(recorded, here, tolerance);
    const predictions = comparePredictions(known, await readAllPredictions(path, here), tolerance);
    return {
      recorded,
      here,
      ...(options.out === undefined ? {} : { path }),
      scores,
      predictions,
      environment: environmentRows(recorded, here),
      isEqual: [...scores, ...predictions].every(({ isEqual }) => isEqual),
    };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function runAgain(
  recorded: Result,
  options: ReproduceOptions & { readonly out: string; readonly cache: string },
) {
  const { metrics, probes, extensionModules, checkpoint, runtime, registry, abortSignal, out, cache, onEvent } =
    options;
  const task = await findNamedTask(recorded, options.tasks, cacheFolders(cache), abortSignal);
  checkExtensionsOf(recorded, task, { metrics, probes, extensionModules });
  const { evaluation } = recorded;
  checkBounds(evaluation);
  const { trainFraction, generalization, skipUnreadable } = evaluation;
  const [outcome] = await runBenchmark({
    ...(await namedModelOptions(recorded, options)),
    checkpoint,
    runtime,
    registry,
    tasks: [task.folder],
    out,
    cache,
    metrics,
    probes,
    extensionModules,
    evaluation: {
      probe: evaluation.probe,
      grid: evaluation.grid,
      gridPoints: evaluation.gridPoints,
      seed: evaluation.seed,
      seeds: evaluation.seeds,
      pca: evaluation.pca ?? undefined,
      head: evaluation.head,
      finetune: evaluation.finetune,
    },
    ...(trainFraction === undefined ? {} : { trainFractions: [trainFraction] }),
    ...(generalization === undefined ? {} : { generalization }),
    skipUnreadable,
    abortSignal,
    onEvent: (event) => {
      // Before the first clip is embedded.
      if (event.kind === 'model') checkModel(recorded, event.provenance);
      // The outcome is what this function returns or throws; its path may be a temporary one.
      if (event.kind !== 'outcome') onEvent?.(event);
    },
  });
  if (hasFailed(outcome)) throw outcome.error;
  return outcome;
}

/** As on the command line: a result may be a stranger's, and ask for endless work. */
function checkBounds({ gridPoints, seeds }: Result['evaluation']): void {
  if (gridPoints <= 10_000 && seeds <= 1000) return;
  throw new FileError({
    asked: 'the evaluation of the result',
    found: `${gridPoints} points of the grid and ${seeds} seeds`,
    fix: 'pass a result with at most 10000 points and 1000 seeds',
  });
}

/** No result that is already there is used again or replaced, least of all the given one. */
async function checkNewFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    const found = cause.code === 'ENOTDIR' ? 'a file of that name' : cause.message;
    throw new FileError({ asked: `folder '${folder}' for the new result`, found, fix: 'name a new folder', cause });
  });
  if (names.length === 0) return;
  throw new FileError({
    asked: `folder '${folder}' for the new result`,
    found: `${names.length} files or folders in it`,
    fix: 'name a new or empty folder: nothing that is there is replaced',
  });
}
