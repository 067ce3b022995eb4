import { Option, type Command } from 'commander';
import { knownPlugins } from '../plugins/plugins.node.js';
import { modelsFolder } from '../models/index.js';
import { loadCluster } from './cluster.node.js';
import { addExtensionOption } from './extension-use.js';
import { wholeNumber } from './parse-options.js';
import { addQueueOptions, addressOf, type QueueOptions } from './queue-options.js';
import { absolutePlugin } from './queue-run.node.js';
import { type CommandContext, noStopTexts, workerStopTexts } from './streams.js';
import { printable } from './table.js';
import { storeText } from '../run/store.node.js';

interface WorkerCommandOptions extends QueueOptions {
  readonly tasks: readonly string[];
  readonly out: string;
  readonly cache: string;
  readonly store?: string;
  readonly models?: readonly string[];
  readonly slots: number;
  readonly threads?: number;
  readonly provider: 'cpu' | 'cuda';
  readonly plugin?: readonly string[];
  readonly extension: readonly string[];
  readonly untilIdle?: boolean;
}

/** `hearken worker`, `status`, `board` and `cancel`: campaigns that several machines compute. */
export function addQueueCommands(program: Command, context: CommandContext): void {
  addWorkerCommand(program, context);
  addStatusCommand(program, context);
  addBoardCommand(program, context);
  addCancelCommand(program, context);
}

function addWorkerCommand(program: Command, context: CommandContext): void {
  const command = program.command('worker').description('compute what `hearken run --queue` puts into a queue');
  addQueueOptions(command)
    .requiredOption('--tasks <folders...>', 'folders of tasks: it reads no task elsewhere')
    .requiredOption('--out <folder>', 'folder for results, which all workers share: it writes no result elsewhere')
    .requiredOption('--cache <folder>', 'cache, which all workers share unless they share a store')
    .option('--store <url>', storeText)
    .option(
      '--models <folders...>',
      'folders of checkpoints: it loads none from elsewhere (default: the folder of pulled models)',
    )
    .addOption(
      new Option('--slots <n>', 'how many jobs to do at once, each in a process of its own')
        .argParser(wholeNumber(1, 1024))
        .default(1),
    )
    .addOption(
      new Option(
        '--threads <n>',
        'threads of each slot (default: the processors of this machine, divided by the slots)',
      ).argParser(wholeNumber(1, 1024)),
    )
    .addOption(
      new Option('--provider <name>', 'do the jobs of models on the CPU, or those on a GPU')
        .choices(['cpu', 'cuda'])
        .default('cpu'),
    )
    .option(
      '--plugin <names...>',
      "plugins it may load besides Hearken's own, as the campaigns name them; their code is run",
    );
  addExtensionOption(command, 'custom metrics and probes that campaigns may use')
    .option('--until-idle', 'end when nothing is left to do; default: wait for more until Ctrl-C')
    .action(async (options: WorkerCommandOptions) => {
      const {
        tasks,
        out,
        cache,
        store,
        models,
        slots,
        threads,
        provider,
        plugin = [],
        extension,
        untilIdle = false,
      } = options;
      const { runWorker } = await loadCluster();
      context.whenStopped?.(workerStopTexts);
      const plugins = await Promise.all(plugin.map(absolutePlugin));
      const status = await runWorker({
        address: addressOf(options),
        ...{ tasks, out, cache, slots, provider, untilIdle },
        ...(store === undefined ? {} : { store }),
        ...(threads === undefined ? {} : { threads }),
        models: models ?? [modelsFolder(undefined)],
        plugins: [...knownPlugins, ...plugins],
        extensions: extension,
        say: (line) => {
          context.stderr.write(printable(`${line}\n`));
        },
        ...(context.abortSignal === undefined ? {} : { abortSignal: context.abortSignal }),
      });
      // Its exit status says how it was stopped.
      context.abortSignal?.throwIfAborted();
      context.setExitStatus(status);
    });
}

function addStatusCommand(program: Command, context: CommandContext): void {
  const command = program.command('status').description('show the campaigns, workers and jobs of a queue');
  addQueueOptions(command)
    .option('--watch', 'show them again every two seconds, until Ctrl-C')
    .option('--json', 'print one JSON document on standard output; with --watch one a line')
    .action(async (options: QueueOptions & { readonly watch?: boolean; readonly json?: boolean }) => {
      const { showStatus } = await loadCluster();
      const { watch = false, json = false } = options;
      context.whenStopped?.(noStopTexts);
      await showStatus(addressOf(options), { watch, json }, context);
    });
}

function addBoardCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('board')
    .description('show the jobs of a queue on a page for the browser, with Bull Board, until Ctrl-C');
  addQueueOptions(command)
    .addOption(
      new Option('--port <n>', 'port of the page, on 127.0.0.1 (default: any that is free)').argParser(
        wholeNumber(1, 65_535),
      ),
    )
    .option('--allow-changes', 'let the page pause queues, and change, retry and remove jobs')
    .action(async (options: QueueOptions & { readonly port?: number; readonly allowChanges?: boolean }) => {
      const { showBoard } = await loadCluster();
      const { port, allowChanges = false } = options;
      context.whenStopped?.(noStopTexts);
      await showBoard(addressOf(options), { allowChanges, ...(port === undefined ? {} : { port }) }, context);
    });
}

function addCancelCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('cancel')
    .description('cancel a campaign: what waits is removed, what runs ends within seconds, and results stay')
    .argument('<campaign>', 'its id, or its name if only one has that name');
  addQueueOptions(command).action(async (campaign: string, options: QueueOptions) => {
    const { cancelAndSay } = await loadCluster();
    await cancelAndSay(addressOf(options), campaign, context);
  });
}
