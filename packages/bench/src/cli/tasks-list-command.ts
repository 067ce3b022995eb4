import type { Command } from 'commander';
import { cacheFolders } from '@hearken/core/node';
import { archivesIn, openEachTask, type OpenedTask } from '../run/open-tasks.node.js';
import { findTaskFolders } from '@hearken/tasks/node';
import { errorText } from './error-text.js';
import { done, refused, someFailed } from './exit-status.js';
import type { CommandContext } from './streams.js';
import { downloadFolder } from './tasks-get-command.js';
import { knownTaskRows, openedTaskRow, taskTable } from './tasks-list-rows.js';

interface ListOptions {
  readonly known?: boolean;
  readonly cache?: string;
  readonly json?: boolean;
}

/** `hearken tasks list`: the tasks on this machine, and HEAR's tasks that can be downloaded. */
export function addListTasksCommand(tasks: Command, program: Command, context: CommandContext): void {
  tasks
    .command('list')
    .description(
      "list the tasks on this machine, and whether they are complete; without paths, also HEAR's other tasks",
    )
    .argument(
      '[paths...]',
      `task folders, .tar.gz archives, or folders that contain them (default: ./${downloadFolder})`,
    )
    .option('--known', "also list HEAR's other tasks if paths are given: `hearken tasks get` downloads them")
    .option('--cache <folder>', 'where archives are unpacked (default: the user cache folder, or HEARKEN_CACHE)')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action((paths: string[], options: ListOptions) => list(paths, options, program, context));
}

async function list(
  paths: readonly string[],
  options: ListOptions,
  program: Command,
  context: CommandContext,
): Promise<void> {
  const isDefault = paths.length === 0;
  const places = isDefault ? [downloadFolder] : paths;
  const opened = isDefault && !(await hasTasks(downloadFolder)) ? [] : await openPlaces(places, options);
  const { debug } = program.opts<{ debug?: boolean }>();
  for (const item of opened) if ('error' in item) context.stderr.write(errorText(item.error, debug));
  const known = isDefault || options.known === true ? knownTaskRows(idsOf(opened), await archivesOf(places)) : [];
  const rows = [...opened.map(openedTaskRow), ...known];
  context.stdout.write(options.json === true ? `${JSON.stringify(rows, undefined, 2)}\n` : taskTable(rows));
  const failed = opened.filter((item) => 'error' in item).length;
  context.setExitStatus(failed === 0 ? done : failed === rows.length ? refused : someFailed);
}

function openPlaces(places: readonly string[], { cache }: ListOptions): Promise<OpenedTask[]> {
  return openEachTask(places, cacheFolders(cache).tasks, { archivesInside: false });
}

async function hasTasks(folder: string): Promise<boolean> {
  return (await findTaskFolders(folder).catch(() => [])).length > 0;
}

function idsOf(opened: readonly OpenedTask[]): ReadonlySet<string> {
  return new Set(opened.flatMap((item) => ('task' in item ? [item.task.id] : [])));
}

/** The archives in all of the places, by the task's id; the first of each. */
async function archivesOf(places: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const each = await Promise.all(places.map(archivesIn));
  return new Map(each.reverse().flatMap((archives) => [...archives]));
}
