import { Command } from 'commander';
import { harnessVersion } from '@hearken/results';
import { addCompareCommand } from './compare-command.js';
import { addDemoCommand } from './demo-command.js';
import { addEmbedCommand } from './embed-command.js';
import { addExportCommand } from './export-command.js';
import { addFinetuneCommand } from './finetune-command.js';
import { addHearevalEmbedCommand } from './heareval-embed-command.js';
import { addHearevalPredictCommand } from './heareval-predict-command.js';
import { addMakeTaskCommand } from './make-task-command.js';
import { addModelsCommand } from './models-command.js';
import { addPredictCommand } from './predict-command.js';
import { addProfileCommand } from './profile-command.js';
import { addProtocolsCommand } from './protocols-command.js';
import { addPullCommand } from './pull-command.js';
import { addQueueCommands } from './queue-commands.js';
import { addReportCommand } from './report-command.js';
import { refuseRepeats } from './repeated-options.js';
import { addReproduceCommand } from './reproduce-command.js';
import { addResultsCommand } from './results-command.js';
import { addRunCommand } from './run-command.js';
import type { CommandContext } from './streams.js';
import { addSubmitCommand } from './submit-command.js';
import { addGetTasksCommand } from './tasks-get-command.js';
import { addListTasksCommand } from './tasks-list-command.js';
import { addValidateCommand } from './validate-command.js';
import { addVerifyCommand } from './verify-command.js';

const exitStatusHelp = `
Exit status: 0 success; 1 some tasks or checks failed, the others' results are kept; 2 invalid options or input;
130 interrupted.`;

/** The `hearken` command with its subcommands. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('hearken')
    .description('Evaluate audio and bio-signal embedding models on HEAR tasks.')
    .version(harnessVersion)
    .option('--debug', 'show stack traces of errors')
    .addHelpText('after', exitStatusHelp)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    });
  for (const add of [
    addRunCommand,
    addFinetuneCommand,
    addQueueCommands,
    addCompareCommand,
    addResultsCommand,
    addReportCommand,
    addEmbedCommand,
    addPredictCommand,
    addDemoCommand,
    addExportCommand,
    addValidateCommand,
    addTasksCommands,
    addHearevalCommands,
    addModelsCommand,
    addPullCommand,
    addProtocolsCommand,
    addVerifyCommand,
    addReproduceCommand,
    addProfileCommand,
    addSubmitCommand,
  ]) {
    add(program, context);
  }
  refuseRepeats(program);
  return program;
}

/** `hearken heareval`: the two steps of heareval, HEAR's evaluation in Python, on folders that both can read. */
function addHearevalCommands(program: Command, context: CommandContext): void {
  const heareval = program
    .command('heareval')
    .description("write and score embedding folders of heareval, HEAR's evaluation in Python");
  addHearevalEmbedCommand(heareval, program, context);
  addHearevalPredictCommand(heareval, program, context);
}

/** `hearken tasks`: makes, lists and downloads tasks. */
function addTasksCommands(program: Command, context: CommandContext): void {
  const tasks = program.command('tasks').description('list tasks, make them from datasets, and download them');
  addMakeTaskCommand(tasks, context);
  addListTasksCommand(tasks, program, context);
  addGetTasksCommand(tasks, program, context);
}
