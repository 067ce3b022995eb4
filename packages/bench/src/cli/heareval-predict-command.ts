import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { HearkenError, TaskError } from '@hearken/core';
import type { GridName } from '@hearken/results';
import { predictFolder, type PredictedFolder } from '../heareval/predict-folder.node.js';
import { clipCountText, gridNames } from '@hearken/results/internal';
import { checkProbeName, probeNames } from '../probes/registry.js';
import { defaultEvaluation } from '../run/benchmark.js';
import { FileArtifacts } from '@hearken/artifacts/node';
import { cacheFolders, checkWritable } from '@hearken/core/node';
import { findTaskFolders } from '@hearken/tasks/node';
import { errorText } from './error-text.js';
import { addExtensionOption, extensionsOfOption, type ExtensionOption } from './extension-use.js';
import { done, refused, someFailed } from './exit-status.js';
import { wholeNumber } from './parse-options.js';
import { chooseView } from './progress/bar-view.js';
import type { CommandContext } from './streams.js';
import { tableText } from './table.js';

interface HearevalPredictOptions extends ExtensionOption {
  readonly probe: string;
  readonly grid: GridName;
  readonly gridPoints: number;
  readonly seed: number;
  readonly threads?: number;
  readonly cache?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `hearken heareval predict`: scores embedding folders written by Hearken or heareval. */
export function addHearevalPredictCommand(heareval: Command, program: Command, context: CommandContext): void {
  const command = heareval
    .command('predict')
    .description("score embedding folders with heareval's layout, written by Hearken or heareval")
    .argument('<folders...>', 'embedding folders of tasks, or folders that contain them');
  addExtensionOption(command, 'custom metrics and probes')
    .addOption(
      new Option(
        '--probe <name>',
        `what is trained on the embeddings: ${probeNames().join(', ')}, or a custom probe`,
      ).default(defaultEvaluation.probe),
    )
    .addOption(
      new Option('--grid <name>', "the hyper-parameters to try, heareval's")
        .choices([...gridNames])
        .default(defaultEvaluation.grid),
    )
    .addOption(
      new Option('--grid-points <n>', 'number of hyper-parameter combinations to try, drawn with the seed')
        .argParser(wholeNumber(1, 10_000))
        .default(defaultEvaluation.gridPoints),
    )
    .addOption(
      new Option('--seed <n>', 'the same seed gives the same numbers')
        .argParser(wholeNumber(0, 2 ** 40))
        .default(defaultEvaluation.seed),
    )
    .addOption(new Option('--threads <n>', 'threads for training (default: all cores)').argParser(wholeNumber(1, 1024)))
    .option('--cache <folder>', 'folder for unfinished work (default: the user cache folder, or HEARKEN_CACHE)')
    .option('--force', "score again what is already scored, including heareval's own scores")
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action((folders: string[], options: HearevalPredictOptions) => predict(folders, options, program, context));
}

type Outcome = PredictedFolder | { readonly folder: string; readonly error: unknown };

async function predict(
  folders: readonly string[],
  options: HearevalPredictOptions,
  program: Command,
  context: CommandContext,
): Promise<void> {
  const { debug } = program.opts<{ debug?: boolean }>();
  const extensions = await extensionsOfOption(options);
  checkProbeName(options.probe, extensions.probes);
  const cache = cacheFolders(options.cache);
  await checkWritable(cache.root);
  const view = chooseView(context);
  const outcomes: Outcome[] = [];
  try {
    for (const folder of await embeddingFolders(folders)) {
      outcomes.push(await predictOne(folder));
      view.end();
      const outcome = outcomes[outcomes.length - 1];
      if ('error' in outcome) view.note(`${folder}: failed\n${errorText(outcome.error, debug).trimEnd()}`);
      else {
        for (const { message } of outcome.warnings) view.note(`Warning: ${message}`);
        const known = outcome.reused ? ' (already scored; --force scores it again)' : '';
        view.note(`${outcome.task}: ${outcome.metric} ${decimals(outcome.score)}${known} -> ${outcome.path}`);
      }
    }
  } finally {
    view.end();
  }
  context.stdout.write(options.json === true ? outcomesJson(outcomes) : outcomesTable(outcomes));
  const failures = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const allRefused = failures.length === outcomes.length && failures.every((error) => error instanceof HearkenError);
  context.setExitStatus(failures.length === 0 ? done : allRefused ? refused : someFailed);

  async function predictOne(folder: string): Promise<Outcome> {
    const { probe, grid, gridPoints, seed, threads, force } = options;
    let work = '';
    try {
      return await predictFolder(folder, {
        ...extensions,
        evaluation: { probe, grid, gridPoints, seed },
        artifacts: new FileArtifacts(cache.artifacts),
        force,
        threads,
        abortSignal: context.abortSignal,
        onProgress: ({ stage, index, total, epoch, maxEpochs }) => {
          const label = `${folder}: probe, ${stage === 'grid' ? 'grid' : 'further folds'}`;
          if (label !== work) view.begin(label, total);
          work = label;
          view.update(index + epoch / maxEpochs, `${index + 1} of ${total}, epoch ${epoch}`, undefined);
        },
      });
    } catch (error) {
      context.abortSignal?.throwIfAborted();
      return { folder, error };
    }
  }
}

/** A folder with a task's embeddings has the task's metadata, like a task folder: the same search finds both. */
async function embeddingFolders(folders: readonly string[]): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    const inside = await findTaskFolders(folder).catch(() => []);
    if (inside.length === 0) {
      throw new TaskError({
        asked: `embeddings in '${folder}'`,
        found: 'no task_metadata.json in it or below',
        fix: 'pass a folder written by `hearken heareval embed` or heareval',
      });
    }
    for (const path of inside) found.set(resolve(path), path);
  }
  return [...found.values()];
}

function outcomesTable(outcomes: readonly Outcome[]): string {
  const numbers = ['score', 'n', 'chance', 'deviation'];
  const rows = outcomes.map((outcome) => {
    if ('error' in outcome) return [outcome.folder, '', 'failed', ...numbers.map(() => '')];
    const { task, model, metric, score, deviation, chance } = outcome;
    return [task, model, metric, decimals(score), clipCountText(outcome), decimals(chance), decimals(deviation)];
  });
  return tableText(['task', 'model', 'metric', ...numbers], rows, numbers);
}

function outcomesJson(outcomes: readonly Outcome[]): string {
  const entries = outcomes.map((outcome) => {
    if ('error' in outcome) return { folder: outcome.folder, error: (outcome.error as Error).message };
    const { task, model, metric, score, deviation, clips, chance, path, warnings } = outcome;
    return { task, model, metric, score, std: deviation, clips, chance, file: path, warnings };
  });
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

function decimals(score: number | null): string {
  return score === null ? '-' : score.toFixed(4);
}
