import type { Command } from 'commander';
import { addMakeTaskCommand } from './make-task-command.js';
import type { CommandContext } from './streams.js';
import { addGetTasksCommand } from './tasks-get-command.js';
import { addListTasksCommand } from './tasks-list-command.js';

/** `hearken tasks`: makes, lists and downloads tasks. */
export function addTasksCommands(program: Command, context: CommandContext): void {
  const tasks = program.command('tasks').description('list tasks, make them from datasets, and download them');
  addMakeTaskCommand(tasks, context);
  addListTasksCommand(tasks, program, context);
  addGetTasksCommand(tasks, program, context);
}
