import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { defaultEvaluation, type TaskOutcome } from '../run/benchmark.js';
import { groupBy } from '@hearken/core/internal';
import { cacheFolders } from '@hearken/core/node';
import { exampleModels } from '@hearken/results/internal';
import { runBenchmark } from '../run/run-benchmark.node.js';
import { makeMiniTasks, openTask } from '@hearken/tasks/node';
import { statusOf } from './exit-status.js';
import { chooseView } from './progress/bar-view.js';
import { runProgress } from './progress/run-progress.js';
import { resultsJson, resultsTable } from './results-output.js';
import type { CommandContext } from './streams.js';

/** Two grid points instead of eight, so that the demo does not take minutes. */
const evaluation = { ...defaultEvaluation, gridPoints: 2 };

interface DemoOptions {
  readonly out: string;
  readonly cache?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `hearken demo`: a run on newly made mini tasks, with the model that has no weights. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('make four small tasks and score the baseline on them: no weights, no downloads')
    .option('--out <folder>', 'folder for the results', 'results')
    .option(
      '--cache <folder>',
      'where tasks are made and embeddings cached (default: the user cache folder, or HEARKEN_CACHE)',
    )
    .option('--force', 'compute again what is finished or cached')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (options: DemoOptions) => {
      const { debug } = program.opts<{ debug?: boolean }>();
      const view = chooseView(context);
      try {
        const folder = join(cacheFolders(options.cache).root, 'mini-tasks');
        view.note(`Making the mini tasks in ${folder}`);
        const tasks = await makeMiniTasks(folder, { seed: 0 });
        const outcomes: TaskOutcome[] = [];
        for (const [model, paths] of await modelsForTasks(tasks)) {
          const { out, cache, force } = options;
          const onEvent = runProgress(view, { debug });
          const { abortSignal } = context;
          outcomes.push(
            ...(await runBenchmark({ model, tasks: paths, out, cache, force, evaluation, abortSignal, onEvent })),
          );
        }
        context.stdout.write(options.json === true ? resultsJson(outcomes) : resultsTable(outcomes));
        if (options.json !== true) context.stdout.write(nextSteps(options.out, tasks));
        context.setExitStatus(statusOf(outcomes));
      } finally {
        view.end();
      }
    });
}

/** The baseline has one model for audio and one for ECGs. */
async function modelsForTasks(folders: readonly string[]): Promise<Map<string, string[]>> {
  const modalities = new Map<string, string>();
  for (const folder of folders) modalities.set(folder, (await openTask(folder)).metadata.modality);
  return groupBy(folders, (folder) => (modalities.get(folder) === 'ecg' ? exampleModels.ecg : exampleModels.audio));
}

function nextSteps(out: string, tasks: readonly string[]): string {
  const names = tasks.map((folder) => basename(folder)).join(', ');
  return [
    `${out}/ has one JSON file per task. The tasks (${names}) are synthetic: their scores show that everything works, not how good a model is.`,
    'A real model on a real task:',
    `  npx hearken run --model ${exampleModels.released} --checkpoint mn04_as.pt --tasks TASK.tar.gz --out results`,
    '',
  ].join('\n');
}
