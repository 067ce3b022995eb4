import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { getTasks, type GetOutcome, type GetTasksEvent } from '../hear/download/get-tasks.node.js';
import { publishedSampleRates } from '../hear/download/task-locations.js';
import { foldersByName, hearTasks } from '../hear/hear-tasks.js';
import { bestHear2021Score } from '../hear/normalized-score.js';
import { cacheFolders } from '@hearken/core/node';
import { openEachTask, type OpenedTask } from '../run/open-tasks.node.js';
import { errorText } from './error-text.js';
import { done, refused, someFailed } from './exit-status.js';
import { wholeNumber } from './parse-options.js';
import { chooseView } from './progress/choose-view.js';
import type { ProgressView } from './progress/progress-view.js';
import type { CommandContext } from './streams.js';
import { tableText } from './table.js';

/** `hearken tasks known` and `hearken tasks get`: HEAR's own tasks; after `addTasksCommand`, whose command they are below. */
export function addHearTasksCommands(program: Command, context: CommandContext): void {
  const tasks = program.commands.find((command) => command.name() === 'tasks') ?? program.command('tasks');
  addKnownCommand(tasks, program, context);
  addGetCommand(tasks, program, context);
}

export interface KnownOptions {
  readonly cache?: string;
  readonly json?: boolean;
}

function addKnownCommand(tasks: Command, program: Command, context: CommandContext): void {
  tasks
    .command('known')
    .description("list HEAR's 19 tasks, the best HEAR 2021 scores, and which tasks are on the disk")
    .argument('[paths...]', 'where to look for them: task folders, folders of such, or .tar.gz archives')
    .option('--cache <folder>', 'where archives are unpacked (default: the user cache folder, or HEARKEN_CACHE)')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action((paths: string[], options: KnownOptions) => writeKnownTasks(paths, options, program, context));
}

/** Folder that `tasks get` downloads to. */
const downloadFolder = 'tasks';

/** Prints HEAR's tasks, and which of them are at `paths`: where there is none, in the folder that `tasks get` uses. */
export async function writeKnownTasks(
  paths: readonly string[],
  options: KnownOptions,
  program: Command,
  context: CommandContext,
): Promise<void> {
  const places = paths.length === 0 && existsSync(downloadFolder) ? [downloadFolder] : paths;
  const opened = await openEachTask(places, cacheFolders(options.cache).tasks);
  const { debug } = program.opts<{ debug?: boolean }>();
  for (const item of opened) if ('error' in item) context.stderr.write(errorText(item.error, debug));
  const rows = knownTasks(opened);
  context.stdout.write(options.json === true ? `${JSON.stringify(rows, undefined, 2)}\n` : knownTable(rows));
  context.setExitStatus(opened.some((item) => 'error' in item) ? someFailed : done);
}

interface KnownTask {
  readonly title: string;
  readonly task: string;
  readonly category: string;
  readonly embedding: string;
  readonly metric: string;
  readonly folds: number;
  readonly clips: number;
  readonly bestHear2021: number;
  readonly bestModel: string;
  /** Folder on the disk; null where it was not found. */
  readonly folder: string | null;
}

function knownTasks(opened: readonly OpenedTask[]): KnownTask[] {
  const onDisk = new Map(opened.flatMap((item) => ('task' in item ? [[item.task.id, item.task.folder]] : [])));
  return hearTasks.flatMap(({ title, category, embeddingType, metric, folds, clips, folders }) =>
    folders.map(({ id }) => ({
      title,
      task: id,
      category,
      embedding: embeddingType,
      metric,
      folds,
      clips,
      bestHear2021: bestHear2021Score(title).score,
      bestModel: bestHear2021Score(title).model,
      folder: onDisk.get(id) ?? null,
    })),
  );
}

function knownTable(tasks: readonly KnownTask[]): string {
  const head = ['task', 'leaderboard', 'category', 'embedding', 'metric', 'folds', 'clips', 'best 2021', 'on disk'];
  const rows = tasks.map(({ task, title, category, embedding, metric, folds, clips, bestHear2021, folder }) => [
    task,
    title,
    category,
    embedding,
    metric,
    folds === 1 ? '' : String(folds),
    String(clips),
    bestHear2021.toFixed(4),
    folder === null ? '' : 'yes',
  ]);
  return tableText(head, rows, ['folds', 'clips', 'best 2021']);
}

interface GetOptions extends KnownOptions {
  readonly out: string;
  readonly mirror?: string;
  readonly sampleRate: number;
}

function addGetCommand(tasks: Command, program: Command, context: CommandContext): void {
  tasks
    .command('get')
    .description("download HEAR's tasks as published; an interrupted download goes on where it stopped")
    .argument('<names...>', "folder names, task names (esc50), leaderboard titles, a category, or 'all'")
    .option('--out <folder>', 'folder of the archives', downloadFolder)
    .option('--mirror <url>', "another place: a folder's URL, or a file's with {task} and {rate} in it")
    .addOption(
      new Option(
        '--sample-rate <hz>',
        `edition: ${publishedSampleRates.join(', ')}; 48000 is free, the others' bucket is not`,
      )
        .argParser(wholeNumber(1, 10_000_000))
        .default(48_000),
    )
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (names: string[], options: GetOptions) => {
      const folders = [...new Set(names.flatMap(foldersByName))];
      const { debug } = program.opts<{ debug?: boolean }>();
      const view = chooseView(context);
      try {
        const { out, mirror, sampleRate } = options;
        const { abortSignal } = context;
        const onEvent = showDownloads(view, debug);
        const outcomes = await getTasks(folders, { out, mirror, sampleRate, abortSignal, onEvent });
        view.end();
        context.stdout.write(options.json === true ? outcomesJson(outcomes) : outcomesText(outcomes));
        const failed = outcomes.filter(({ state }) => state === 'failed').length;
        context.setExitStatus(failed === 0 ? done : failed === outcomes.length ? refused : someFailed);
      } finally {
        view.end();
      }
    });
}

function showDownloads(view: ProgressView, debug?: boolean): (event: GetTasksEvent) => void {
  let began: { at: number; received: number } | undefined;
  let current = '';
  return (event) => {
    if (event.kind === 'task') view.note(`Task ${event.index + 1} of ${event.total}: ${event.folder.id}`);
    if (event.kind === 'retry') {
      view.note(`${event.folder.id}: ${event.reason}; next try in ${(event.delay / 1000).toFixed(1)} s`);
      current = '';
    }
    if (event.kind === 'progress') {
      const { folder, received, total } = event;
      if (current !== folder.id) {
        current = folder.id;
        began = { at: performance.now(), received };
        view.begin(`${folder.id}: downloading`, total ?? received);
      }
      const rate = (received - began!.received) / Math.max(1, performance.now() - began!.at);
      const left = total === null || rate <= 0 ? undefined : (total - received) / rate / 1000;
      view.update(received, `${megabytes(received)}${total === null ? '' : ` of ${megabytes(total)}`} MB`, left);
    }
    if (event.kind === 'outcome') {
      view.end();
      view.note(outcomeLine(event.outcome, debug));
    }
  };
}

function outcomeLine(outcome: GetOutcome, debug?: boolean): string {
  const { id } = outcome.folder;
  if (outcome.state === 'failed') return `${id}: failed\n${errorText(outcome.error, debug).trimEnd()}`;
  if (outcome.state === 'present') return `${id}: already there -> ${outcome.path}`;
  const checked = outcome.verified === null ? 'no checksum to compare with' : `${outcome.verified} ${toldBy(outcome)}`;
  return `${id}: ${megabytes(outcome.bytes)} MB, ${checked}, sha256 ${outcome.sha256} -> ${outcome.path}`;
}

function outcomesText(outcomes: readonly GetOutcome[]): string {
  const paths = outcomes.flatMap((outcome) => (outcome.state === 'failed' ? [] : [outcome.path]));
  return paths.map((path) => `${path}\n`).join('');
}

function outcomesJson(outcomes: readonly GetOutcome[]): string {
  const entries = outcomes.map((outcome) => {
    const { folder, state } = outcome;
    if (state === 'failed') {
      const { message, asked, found, fix } = outcome.error;
      return { task: folder.id, state, error: message, asked, found, fix };
    }
    if (state === 'present') return { task: folder.id, state, file: outcome.path };
    const { path, url, bytes, sha256, verified, resumedAt } = outcome;
    return { task: folder.id, state, file: path, url, bytes, sha256, verified, resumedAt };
  });
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** A server's own header says that the file came whole, and nothing of what was published. */
function toldBy({ url, verifiedBy }: { readonly url: string; readonly verifiedBy: 'known' | 'server' | null }): string {
  const { host } = new URL(url);
  return verifiedBy === 'known' || host === 'zenodo.org' ? 'as published' : `as ${host} says`;
}
