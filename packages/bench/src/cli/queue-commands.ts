import type { Command } from 'commander';
import { loadCluster } from './cluster.node.js';
import { addQueueOptions, addressOf, type QueueOptions } from './queue-options.js';
import type { CommandContext } from './streams.js';

/** `hearken status` and `hearken cancel`: campaigns that several machines compute. */
export function addQueueCommands(program: Command, context: CommandContext): void {
  addStatusCommand(program, context);
  addCancelCommand(program, context);
}

function addStatusCommand(program: Command, context: CommandContext): void {
  const command = program.command('status').description('show the campaigns, workers and jobs of a queue');
  addQueueOptions(command)
    .option('--watch', 'show them again every two seconds, until Ctrl-C')
    .option('--json', 'print one JSON document on standard output; with --watch one a line')
    .action(async (options: QueueOptions & { readonly watch?: boolean; readonly json?: boolean }) => {
      const { showStatus } = await loadCluster();
      const { watch = false, json = false } = options;
      await showStatus(addressOf(options), { watch, json }, context);
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
