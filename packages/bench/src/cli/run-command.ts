import { OptionError } from '@hearken/core';
import { Option, type Command } from 'commander';
import { type GridName, protocols } from '@hearken/results';
import { gridNames } from '@hearken/results/internal';
import { probeNames } from '../probes/registry.js';
import { defaultEvaluation, hasFailed, type TaskOutcome } from '../run/benchmark.js';
import type { EvaluationIdentity } from '@hearken/results/node';
import { runBenchmark } from '../run/run-benchmark.node.js';
import type { GeneralizationRequest } from '@hearken/tasks/node';
import { addCheckOptions, type CheckOptions, runChecks } from './run-checks.js';
import { ExtensionUse } from './extension-use.js';
import { addExtensionOption, extensionsOfOption, type ExtensionOption } from './extension-option.js';
import { errorText } from './error-text.js';
import {
  addModelOptions,
  addModelsOption,
  pluginOptions,
  pulledCheckpoint,
  runtimeOptions,
  type ModelOptions,
} from './model-options.js';
import { componentsOrShare, shares, wholeNumber } from './parse-options.js';
import { chooseView } from './progress/choose-view.js';
import { runProgress } from './progress/run-progress.js';
import { noTasksOf, protocolRun, protocolSummary } from './run-protocol.js';
import { resultsJson, resultsTable } from './results-output.js';
import type { CommandContext } from './streams.js';

interface RunOptions extends ModelOptions, ExtensionOption, CheckOptions {
  readonly model: readonly string[];
  readonly tasks: readonly string[];
  readonly out: string;
  readonly probe: string;
  readonly grid: GridName;
  readonly gridPoints: number;
  readonly seed: number;
  readonly seeds: number;
  readonly pca?: number;
  readonly protocol?: string;
  readonly trainFractions?: readonly number[];
  readonly generalize?: string;
  readonly trainOn?: readonly string[];
  readonly testOn?: readonly string[];
  readonly skipUnreadable?: boolean;
  readonly cache?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `hearken run`: models on tasks. */
export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('score models on tasks; an interrupted run continues where it stopped');
  addModelsOption(command);
  addModelOptions(addExtensionOption(command, 'custom metrics and probes'))
    .requiredOption('--tasks <paths...>', 'HEAR task folders, .tar.gz archives, or folders that contain them')
    .option('--out <folder>', 'folder for the results, one JSON file per task', 'results')
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
    .addOption(
      new Option(
        '--seeds <n>',
        'train the chosen configuration with this many seeds, starting from --seed, for the deviation',
      )
        .argParser(wholeNumber(1, 1000))
        .default(1),
    )
    .addOption(
      new Option(
        '--pca <components>',
        'train on principal components: their number, or below 1 the share of the variance to keep',
      ).argParser(componentsOrShare),
    )
    .addOption(
      new Option(
        '--protocol <name>',
        'score those of the given tasks that belong to a protocol, with its probe and grid',
      ).choices(protocols.map(({ name }) => name)),
    )
    .addOption(
      new Option(
        '--train-fractions <shares>',
        'train on these shares of the training clips, each for a separate result: 0.0625,0.25,1',
      ).argParser(shares),
    )
    .option('--generalize <column>', "train on some values of a column of the task's clips.csv, and test on others")
    .option('--train-on <values...>', 'values for training and validation; default: all that are not in --test-on')
    .option('--test-on <values...>', 'values for testing; default: all that are not in --train-on')
    .option(
      '--skip-unreadable',
      'leave out clips that are missing or cannot be read, at most a quarter of a split; the result lists them',
    )
    .option(
      '--cache <folder>',
      'cache of embeddings, unpacked tasks and unfinished runs (default: the user cache folder, or HEARKEN_CACHE)',
    )
    .option('--force', 'compute again what is finished or cached')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (options: RunOptions) => {
      const { debug } = program.opts<{ debug?: boolean }>();
      const { tasks, out, cache, force, trainFractions, skipUnreadable } = options;
      const models = [...new Set(options.model)];
      checkSeveral(models, options);
      const protocol = protocolRun(options.protocol, options, (name) => command.getOptionValueSource(name) === 'cli');
      const extensions = await extensionsOfOption(options);
      const check = await runChecks(options, extensions.metrics, context);
      const view = chooseView(context);
      const runModel = (model: string, checkpoint: string | undefined) => {
        const show = runProgress(view, { debug });
        const use = new ExtensionUse(extensions, protocol?.evaluation.probe ?? options.probe);
        return runBenchmark({
          model,
          checkpoint,
          modelOptions: pluginOptions(options),
          runtime: runtimeOptions(options),
          tasks,
          out,
          cache,
          force,
          evaluation: { ...evaluationOf(options), ...protocol?.evaluation },
          ...extensions,
          trainFractions,
          generalization: generalizationOf(options),
          skipUnreadable,
          accepts: (task) => protocol?.accepts(task) !== false && use.sees(task),
          abortSignal: context.abortSignal,
          onEvent: (event) => {
            const isFirst = event.kind === 'task' && event.index === 0 && model === models[0];
            if (isFirst) use.warnings().forEach((line) => view.note(line));
            show(event);
          },
        });
      };
      try {
        const outcomes: TaskOutcome[] = [];
        for (const model of models) {
          try {
            const checkpoint = models.length === 1 ? options.checkpoint : await pulledCheckpoint(model, options.models);
            outcomes.push(...(await runModel(model, checkpoint)));
          } catch (error) {
            context.abortSignal?.throwIfAborted();
            if (models.length === 1) throw error;
            // If a model cannot be loaded, the results of the others are not affected.
            view.end();
            view.note(`${model}: failed\n${errorText(error, debug).trimEnd()}`);
            const thrown = error instanceof Error ? error : new Error(String(error));
            outcomes.push({ task: '(all)', model, error: thrown });
          }
        }
        if (protocol !== undefined && outcomes.length === 0) throw noTasksOf(protocol.protocol, tasks);
        context.stdout.write(options.json === true ? resultsJson(outcomes) : resultsTable(outcomes));
        context.setExitStatus(await check(outcomes));
        if (protocol === undefined || outcomes.every(hasFailed)) return;
        view.end();
        const summary = await protocolSummary(protocol.protocol, outcomes, options);
        // Standard output has only the JSON document: what the protocol prints goes to standard error.
        (options.json === true ? context.stderr : context.stdout).write(summary);
      } finally {
        view.end();
      }
    });
  addCheckOptions(command);
}

/** A checkpoint and a plugin's options belong to one model. */
function checkSeveral(models: readonly string[], { checkpoint, options, weights }: RunOptions): void {
  if (models.length === 1) return;
  const given = Object.entries({ '--checkpoint': checkpoint, '--options': options, '--weights': weights });
  const flag = given.find(([, value]) => value !== undefined)?.[0];
  if (flag === undefined) return;
  throw new OptionError({
    asked: `${flag} with ${models.length} models`,
    found: `${models.join(', ')}, but it belongs to one model`,
    fix: 'run the command once for each model that needs it; without it, the files that `hearken pull` downloaded are used',
  });
}

function evaluationOf({ probe, grid, gridPoints, seed, seeds, pca }: RunOptions): EvaluationIdentity {
  return { probe, grid, gridPoints, seed, seeds, pca };
}

function generalizationOf({ generalize, trainOn, testOn }: RunOptions): GeneralizationRequest | undefined {
  if (generalize !== undefined) return { column: generalize, train: trainOn, test: testOn };
  if (trainOn === undefined && testOn === undefined) return undefined;
  throw new OptionError({
    asked: 'values to train or test on',
    found: 'no column that they belong to',
    fix: 'name it with --generalize, such as --generalize device',
  });
}
