import { OptionError } from '@hearken/core';
import { Option, type Command } from 'commander';
import type { Campaign } from '@hearken/campaigns';
import { protocols } from '@hearken/results';
import { gridNames } from '@hearken/results/internal';
import { headProbe, probeNames } from '../probes/registry.js';
import { defaultEvaluation } from '../run/benchmark.js';
import { loadExtensions } from '../extensions/load-extensions.node.js';
import { addCampaignModelOptions, addSubsetOptions, campaignOf, type CampaignOptions } from './campaign-options.js';
import { type CampaignRunOptions, runAndPrint } from './campaign-run.js';
import { printPlan } from './dry-run.node.js';
import { addExtensionOption } from './extension-use.js';
import { componentsOrShare, seconds, wholeNumber } from './parse-options.js';
import { chooseView } from './progress/bar-view.js';
import { addQueueRunOptions, checkQueueOptions, type QueueRunOptions } from './queue-options.js';
import { runOnQueueAndPrint } from './queue-run.node.js';
import { addCheckOptions, type CheckOptions, runChecks } from './run-checks.js';
import type { CommandContext } from './streams.js';
import { watchRun } from './watch-run.node.js';
import { storeText } from '../run/store.node.js';

interface RunOptions extends CampaignOptions, CampaignRunOptions, CheckOptions, QueueRunOptions {
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}

/** `hearken run`: models on tasks. */
export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('score models on tasks; an interrupted run continues where it stopped')
    .argument('[campaign]', 'a campaign file (.yaml, .yml, .json) that names models, tasks and evaluations');
  addCampaignModelOptions(command);
  addExtensionOption(command, 'custom metrics and probes')
    .option('--tasks <paths...>', 'HEAR task folders, .tar.gz archives, or folders that contain them')
    .option('--out <folder>', 'folder for the results, one JSON file per task', 'results')
    .addOption(
      new Option(
        '--probe <name>',
        `what is trained on the embeddings: ${probeNames().join(', ')}, or a custom probe; or ${headProbe}, the model's own pretrained head`,
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
    .option(
      '--label-map <file>',
      'probe head: labels of the head for labels of the task that it names otherwise, as JSON or CSV with the columns task and head',
    )
    .option(
      '--labels <file>',
      "probe head: names of the head's labels in the order of its outputs (default: those of the checkpoint)",
    )
    .addOption(
      new Option('--crops <n>', 'probe head: answer from random crops of each clip, drawn with --seed').argParser(
        wholeNumber(1, 1000),
      ),
    )
    .addOption(new Option('--crop-seconds <s>', 'length of a crop (default: 5)').argParser(seconds))
    .addOption(
      new Option('--aggregate <name>', "how the crops' probabilities become one (default: mean)").choices([
        'mean',
        'max',
      ]),
    )
    .addOption(
      new Option(
        '--protocol <name>',
        'score those of the given tasks that belong to a protocol, with its probe and grid',
      ).choices(protocols.map(({ name }) => name)),
    );
  addSubsetOptions(command)
    .option(
      '--skip-unreadable',
      'leave out clips that are missing or cannot be read, at most a quarter of a split; the result lists them',
    )
    .option(
      '--cache <folder>',
      'cache of embeddings, unpacked tasks and unfinished runs (default: the user cache folder, or HEARKEN_CACHE)',
    )
    .option('--store <url>', storeText)
    .option('--force', 'compute again what is finished or cached')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .option(
      '--dry-run',
      'print what would be computed, with estimated time, memory and disk by measuring models for some seconds; compute and write nothing',
    )
    .option('--watch', 'run again whenever the campaign file, a task, a checkpoint or a module changes, until Ctrl-C')
    .action(async (file: string | undefined, options: RunOptions) => {
      const { debug } = program.opts<{ debug?: boolean }>();
      checkQueueOptions(options);
      const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
      if (file === undefined) requireOptions(command);
      const out = (said: Campaign) => (isGiven('out') ? options.out : (said.out ?? options.out));
      const cache = (said: Campaign) => options.cache ?? said.cache;
      if (options.watch === true) {
        const args = program.args.filter((arg) => arg !== '--watch');
        return watchRun({ args, file, campaign: () => campaignOf(file, options, isGiven), out, cache }, context);
      }
      const campaign = await campaignOf(file, options, isGiven);
      checkHeads(campaign, options);
      const extensions = await loadExtensions(campaign.extensions ?? []);
      const check = await runChecks(options, extensions.metrics, context);
      const view = chooseView(context);
      try {
        const tools = { extensions, check, view, context };
        const where = { ...options, out: out(campaign), cache: cache(campaign), debug };
        const { queue } = options;
        if (queue !== undefined) {
          context.setExitStatus(await runOnQueueAndPrint(campaign, { ...where, queue }, tools));
          return;
        }
        context.setExitStatus(await (options.dryRun === true ? printPlan : runAndPrint)(campaign, where, tools));
      } finally {
        view.end();
      }
    });
  addCheckOptions(command);
  addQueueRunOptions(command);
}

/** @throws OptionError for what can only be done with probes that are trained */
function checkHeads({ evaluations }: Campaign, { queue, dryRun }: Pick<RunOptions, 'queue' | 'dryRun'>): void {
  const option = queue !== undefined ? '--queue' : dryRun === true ? '--dry-run' : undefined;
  if (dryRun === true && evaluations.some(({ probe }) => probe === 'finetune')) {
    throw new OptionError({
      asked: '--dry-run with recipes',
      found: 'trainings whose time cannot be estimated yet',
      fix: 'leave out --dry-run',
    });
  }
  if (option === undefined || !evaluations.some(({ probe }) => probe === 'head')) return;
  throw new OptionError({
    asked: `${option} with probe 'head'`,
    found: "a model's own head, for which nothing is trained or planned",
    fix: `leave out ${option}`,
  });
}

/** Without a campaign file, the options say what is scored. */
function requireOptions(command: Command): void {
  for (const option of command.options.filter(({ long }) => long === '--model' || long === '--tasks')) {
    if (command.getOptionValue(option.attributeName()) !== undefined) continue;
    command.error(`error: required option '${option.flags}' not specified, and no campaign file`);
  }
}
