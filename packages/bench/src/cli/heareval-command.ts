import type { Command } from 'commander';
import { addHearevalEmbedCommand } from './heareval-embed-command.js';
import { addHearevalPredictCommand } from './heareval-predict-command.js';
import type { CommandContext } from './streams.js';

/** `hearken heareval`: the two steps of heareval, HEAR's evaluation in Python, on folders that both can read. */
export function addHearevalCommands(program: Command, context: CommandContext): void {
  const heareval = program
    .command('heareval')
    .description("write and score embedding folders of heareval, HEAR's evaluation in Python");
  addHearevalEmbedCommand(heareval, program, context);
  addHearevalPredictCommand(heareval, program, context);
}
