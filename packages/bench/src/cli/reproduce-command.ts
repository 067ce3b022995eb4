import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { RuntimeOptions } from '@hearken/core';
import { type Result, readResult } from '@hearken/results/node';
import { executionOf } from '@hearken/results/internal';
import { reproduce } from '../run/reproduce.node.js';
import { done, someFailed } from './exit-status.js';
import { addExtensionOption, extensionsOfOption, type ExtensionOption } from './extension-use.js';
import { type ModelOptions, pluginOptions, pulledCheckpoint } from './model-options.js';
import { jsonObject, wholeNumber } from './parse-options.js';
import { printable } from './table.js';
import { chooseView } from './progress/bar-view.js';
import { runProgress } from './progress/run-progress.js';
import { reproductionJson, reproductionText } from './reproduce-output.js';
import type { CommandContext } from './streams.js';

interface ReproduceCommandOptions extends Omit<ModelOptions, 'weights'>, ExtensionOption {
  readonly model?: string;
  readonly tasks: readonly string[];
  readonly tolerance: number;
  readonly cache?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Half of the last digit that tables of scores print. */
const printedDigit = 0.00005;

const providers = ['cpu', 'webgpu', 'cuda'] as const;

/** `hearken reproduce`: a result computed again, and compared. */
export function addReproduceCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('reproduce')
    .description('compute a result again from what it names, and compare every score and prediction')
    .argument('<result>', 'a result file, which is only read');
  addExtensionOption(command, 'the custom metrics and probe of the result')
    .requiredOption(
      '--tasks <paths...>',
      'where the task is: task folders, .tar.gz archives, or folders that contain them',
    )
    .addOption(
      new Option('--tolerance <number>', 'how far apart equal numbers may be; for numbers over 1, as a part of them')
        .argParser(notNegative)
        .default(printedDigit, `${printedDigit}: equal in the four decimals that tables print`),
    )
    .option('--model <plugin:model>', "where the model's plugin is, if it is none of Hearken's; its code is run")
    .option(
      '--checkpoint <file>',
      "the model's weights (default: the file that `hearken pull` downloaded); they must have the SHA-256 that the result names",
    )
    .option('--models <folder>', 'folder of pulled models (default: in the user cache folder, or HEARKEN_MODELS)')
    .addOption(
      new Option('--options <json>', "options for the plugin's loadModel (default: those in the result)").argParser(
        jsonObject,
      ),
    )
    .addOption(
      new Option(
        '--threads <n>',
        'threads for inference (default: as many as in the result, at most all cores)',
      ).argParser(wholeNumber(1, 1024)),
    )
    .addOption(
      new Option('--provider <name>', 'execution provider (default: the one in the result)').choices([...providers]),
    )
    .option('--cache <folder>', 'use and keep embeddings in this cache (default: everything is computed again)')
    .option('--out <folder>', 'a new or empty folder to keep the new result in (default: it is not kept)')
    .option('--json', 'print one JSON document on standard output instead of tables')
    .action(async (path: string, options: ReproduceCommandOptions) => {
      const { debug } = program.opts<{ debug?: boolean }>();
      const { tasks, model, tolerance, cache, out, json = false } = options;
      const recorded = await readResult(path);
      const extensions = await extensionsOfOption(options);
      const view = chooseView(context);
      try {
        const reproduction = await reproduce({
          result: { path, result: recorded },
          tasks,
          model,
          checkpoint: options.checkpoint ?? (await checkpointOf(recorded, options)),
          ...(options.options === undefined ? {} : { modelOptions: pluginOptions(options) }),
          runtime: runtimeOf(recorded, options),
          cache,
          out,
          tolerance,
          ...extensions,
          abortSignal: context.abortSignal,
          onEvent: runProgress(view, { debug }),
        });
        view.end();
        context.stdout.write(
          json ? reproductionJson(path, tolerance, reproduction) : printable(reproductionText(tolerance, reproduction)),
        );
        context.setExitStatus(reproduction.isEqual ? done : someFailed);
      } finally {
        view.end();
      }
    });
}

function checkpointOf({ model }: Result, options: ReproduceCommandOptions): Promise<string | undefined> {
  if (model.checkpointSha256 === null) return Promise.resolve(undefined);
  return pulledCheckpoint(options.model ?? `${model.plugin}:${model.model}`, options.models);
}

/** How the result was computed, as far as it says and this machine can. */
function runtimeOf({ model }: Result, { threads, provider }: ReproduceCommandOptions): RuntimeOptions {
  const execution = executionOf(model);
  const named = providers.find((name) => execution?.runtime.endsWith(` ${name}`));
  const count =
    threads ?? (execution?.threads === undefined ? undefined : Math.min(execution.threads, availableParallelism()));
  const executionProvider = provider ?? named;
  return {
    ...(count === undefined ? {} : { threads: count }),
    ...(executionProvider === undefined ? {} : { executionProvider }),
  };
}

function notNegative(text: string): number {
  const value = Number(text);
  if (/^[\d.]+(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Not a number of at least 0 such as 0.001.');
}
