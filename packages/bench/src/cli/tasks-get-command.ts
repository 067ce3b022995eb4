import { Option, type Command } from 'commander';
import { getTasks, type GetOutcome, type GetTasksEvent } from '../download/get-tasks.node.js';
import { publishedSampleRates } from '../download/task-locations.js';
import { foldersByName } from '@hearken/tasks';
import { errorText } from './error-text.js';
import { done, refused, someFailed } from './exit-status.js';
import { wholeNumber } from './parse-options.js';
import { chooseView } from './progress/bar-view.js';
import { downloadProgress, megabytes } from './progress/download-progress.js';
import type { ProgressView } from './progress/progress-view.js';
import type { CommandContext } from './streams.js';

/** Folder that `tasks get` downloads to. */
export const downloadFolder = 'tasks';

interface GetOptions {
  readonly json?: boolean;
  readonly out: string;
  readonly mirror?: string;
  readonly sampleRate: number;
}

/** `hearken tasks get`: downloads HEAR's tasks. */
export function addGetTasksCommand(tasks: Command, program: Command, context: CommandContext): void {
  tasks
    .command('get')
    .description("download HEAR's tasks as published; an interrupted download continues where it stopped")
    .argument('<names...>', "folder names, task names (esc50), leaderboard titles, a category, or 'all'")
    .option('--out <folder>', 'folder for the archives', downloadFolder)
    .option('--mirror <url>', "another source: a folder's URL, or a file's with {task} and {rate} in it")
    .addOption(
      new Option(
        '--sample-rate <hz>',
        `sample rate of the clips: ${publishedSampleRates.join(', ')}; 48000 is free, the others are in a requester-pays bucket`,
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
  const progress = downloadProgress(view);
  return (event) => {
    if (event.kind === 'task') view.note(`Task ${event.index + 1} of ${event.total}: ${event.folder.id}`);
    if (event.kind === 'retry') {
      view.note(`${event.folder.id}: ${event.reason}; next try in ${(event.delay / 1000).toFixed(1)} s`);
      progress.restart();
    }
    if (event.kind === 'progress') {
      const { folder, received, total } = event;
      progress.update(`${folder.id}: downloading`, received, total);
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

/** The server's checksum shows that the file arrived complete, not that it is what was published. */
function toldBy({ url, verifiedBy }: { readonly url: string; readonly verifiedBy: 'known' | 'server' | null }): string {
  const { host } = new URL(url);
  return verifiedBy === 'known' || host === 'zenodo.org' ? 'as published' : `as ${host} says`;
}
