import { type Campaign, completeEvaluation } from '@hearken/campaigns';
import { OptionError } from '@hearken/core';
import { Option, type Command } from 'commander';
import { generalRecipes } from '@hearken/train';
import {
  addCampaignModelOptions,
  addSubsetOptions,
  type CampaignOptions,
  generalizationOf,
  modelsOf,
} from './campaign-options.js';
import { type CampaignRunOptions, runAndPrint } from './campaign-run.js';
import { seconds, wholeNumber } from './parse-options.js';
import { chooseView } from './progress/bar-view.js';
import { addQueueRunOptions, checkQueueOptions, type QueueRunOptions } from './queue-options.js';
import { runOnQueueAndPrint } from './queue-run.node.js';
import { collected } from './repeated-options.js';
import { addCheckOptions, type CheckOptions, runChecks } from './run-checks.js';
import type { CommandContext } from './streams.js';
import { storeText } from '../run/store.node.js';

interface FinetuneOptions extends CampaignOptions, CampaignRunOptions, CheckOptions, QueueRunOptions {
  readonly recipe: string;
  readonly set?: readonly string[];
}

const recipesHelp = `
Recipes of every model:
${Object.entries(generalRecipes)
  .map(([name, { description }]) => `  ${name.padEnd(12)} ${description}`)
  .join('\n')}
A model's plugin may have more, such as those of its authors; an unknown name lists them all.`;

/** `hearken finetune`: trains models themselves on tasks, and scores them. */
export function addFinetuneCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('finetune')
    .description(
      "fine-tune models on tasks: train on each fold's training clips, choose the best weights on validation clips, score them once on test clips, and save the model beside its result",
    );
  addCampaignModelOptions(command)
    .requiredOption('--tasks <paths...>', 'HEAR task folders, .tar.gz archives, or folders that contain them')
    .requiredOption('--recipe <name>', 'what is trained, and how')
    .addOption(
      collected(
        new Option('--set <name=value>', "a setting that differs from the recipe's, such as epochs=5; can be repeated"),
      ),
    )
    .option('--out <folder>', 'folder for the results, and for trained models beside them', 'results')
    .addOption(
      new Option('--seed <n>', 'the same seed gives the same numbers').argParser(wholeNumber(0, 2 ** 40)).default(0),
    )
    .addOption(
      new Option('--seeds <n>', 'train with this many seeds, starting from --seed, for the deviation')
        .argParser(wholeNumber(1, 1000))
        .default(1),
    );
  addSubsetOptions(command)
    .option('--cache <folder>', 'cache of prepared clips and unfinished trainings (default: as for `hearken run`)')
    .option('--store <url>', storeText)
    .option('--no-keep-models', 'save no trained models, only results')
    .addOption(
      new Option(
        '--checkpoint-seconds <s>',
        'time between checkpoints, from which an interrupted training continues (default: 60)',
      ).argParser(seconds),
    )
    .option('--force', 'train again what is finished')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .addHelpText('after', recipesHelp)
    .action(async (options: FinetuneOptions) => {
      const { debug } = program.opts<{ debug?: boolean }>();
      checkQueueOptions(options);
      const campaign = campaignOfRecipe(options);
      const check = await runChecks(options, [], context);
      const view = chooseView(context);
      try {
        const tools = { extensions: {}, check, view, context };
        const where = { ...options, debug };
        const { queue } = options;
        context.setExitStatus(
          await (queue === undefined
            ? runAndPrint(campaign, where, tools)
            : runOnQueueAndPrint(campaign, { ...where, queue }, tools)),
        );
      } finally {
        view.end();
      }
    });
  addCheckOptions(command);
  addQueueRunOptions(command);
}

/** What the options say, as a campaign of one recipe. */
function campaignOfRecipe(options: FinetuneOptions): Campaign {
  const { recipe, seed, seeds, tasks = [], trainFractions, threads } = options;
  const finetune = { recipe, settings: settingsOf(options.set ?? []) };
  const evaluation = completeEvaluation({ probe: 'finetune', finetune, seed, seeds });
  // Only a protocol could contradict it.
  if (!('name' in evaluation)) throw new Error('a recipe without a protocol');
  const generalization = generalizationOf(options);
  return {
    models: modelsOf(options),
    tasks,
    evaluations: [evaluation],
    ...(trainFractions === undefined ? {} : { trainFractions }),
    ...(generalization === undefined ? {} : { generalization }),
    ...(threads === undefined ? {} : { threads }),
  };
}

/** Settings as text; the recipe knows their types. */
function settingsOf(given: readonly string[]): Record<string, string> {
  const settings = new Map<string, string>();
  for (const text of given) {
    const [, name, value] = /^([A-Za-z]\w*)=(.*)$/su.exec(text) ?? [];
    if (name === undefined || settings.has(name)) {
      throw new OptionError({
        asked: `--set '${text.slice(0, 80)}'`,
        found: name === undefined ? 'no NAME=VALUE' : `'${name}' twice`,
        fix: name === undefined ? 'pass a setting and its value, such as --set epochs=5' : 'leave one out',
      });
    }
    settings.set(name, value);
  }
  return Object.fromEntries(settings);
}
