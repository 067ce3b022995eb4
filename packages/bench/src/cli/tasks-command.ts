import type { Command } from 'commander';
import { cacheFolders } from '@hearken/core/node';
import { openEachTask, type OpenedTask } from '../run/open-tasks.node.js';
import type { Task } from '../tasks/task.js';
import { errorText } from './error-text.js';
import { done, refused, someFailed } from './exit-status.js';
import { writeKnownTasks } from './hear-tasks-command.js';
import { addMakeTaskCommand } from './make-task-command.js';
import type { CommandContext } from './streams.js';
import { tableText } from './table.js';

interface ListOptions {
  readonly cache?: string;
  readonly json?: boolean;
}

/** `hearken tasks list`: what is in task folders and archives. */
export function addTasksCommand(program: Command, context: CommandContext): void {
  const tasks = program.command('tasks').description('look at tasks, and make them of datasets');
  addMakeTaskCommand(tasks, context);
  tasks
    .command('list')
    .description("list the tasks in folders and archives, and whether they are complete; without any, HEAR's own tasks")
    .argument('[paths...]', 'HEAR task folders, folders of such, or .tar.gz archives')
    .option('--cache <folder>', 'where archives are unpacked (default: the user cache folder, or HEARKEN_CACHE)')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (paths: string[], options: ListOptions) => {
      if (paths.length === 0) return writeKnownTasks(paths, options, program, context);
      const opened = await openEachTask(paths, cacheFolders(options.cache).tasks);
      const { debug } = program.opts<{ debug?: boolean }>();
      for (const item of opened) {
        if ('error' in item) context.stderr.write(errorText(item.error, debug));
      }
      context.stdout.write(options.json === true ? listJson(opened) : listTable(opened));
      const failed = opened.filter((item) => 'error' in item).length;
      context.setExitStatus(failed === 0 ? done : failed === opened.length ? refused : someFailed);
    });
}

function describe(task: Task) {
  const { metadata } = task;
  return {
    task: task.id,
    modality: metadata.modality,
    embedding: metadata.embeddingType,
    prediction: metadata.predictionType,
    split: metadata.splitMode,
    labels: task.labels.length,
    clips: [...task.splits.values()].reduce((sum, clips) => sum + clips.length, 0),
    sampleRates: task.sampleRates,
    metrics: metadata.evaluation,
  };
}

function listJson(opened: readonly OpenedTask[]): string {
  const entries = opened.map((item) =>
    'task' in item ? describe(item.task) : { task: item.path, error: item.error.message },
  );
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

function listTable(opened: readonly OpenedTask[]): string {
  const head = ['task', 'modality', 'embedding', 'prediction', 'split', 'labels', 'clips', 'Hz', 'metrics'];
  const rows = opened.map((item) => {
    if (!('task' in item)) return [item.path, 'not readable', '', '', '', '', '', '', ''];
    const { task, modality, embedding, prediction, split, labels, clips, sampleRates, metrics } = describe(item.task);
    return [
      task,
      modality,
      embedding,
      prediction,
      split,
      String(labels),
      String(clips),
      sampleRates.join(', '),
      metrics.join(', '),
    ];
  });
  return tableText(head, rows, ['labels', 'clips']);
}
