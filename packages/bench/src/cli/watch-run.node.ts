import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import type { Campaign } from '@hearken/campaigns';
import { ChangeWatcher } from '@hearken/campaigns/node';
import { isPluginPath, parseModelSpecifier } from '@hearken/core';
import { cacheFolders } from '@hearken/core/node';
import { fileURLToPath } from 'node:url';
import { printable } from './table.js';
import { refused } from './exit-status.js';
import type { CommandContext } from './streams.js';

/** What `hearken run --watch` repeats. */
export interface WatchedRun {
  /** The arguments of `hearken` without `--watch`. */
  readonly args: readonly string[];
  /** The campaign file, if there is one. */
  readonly file: string | undefined;
  /** The campaign as it is now. @throws if the file is not one now */
  readonly campaign: () => Promise<Campaign>;
  /** Folder of the results, and root of the cache. */
  readonly out: (campaign: Campaign) => string;
  readonly cache: (campaign: Campaign) => string | undefined;
}

/**
 * Runs a command again whenever something that it reads has changed, until the abort signal ends it. Each run is a process
 * of its own, so that changed modules are loaded anew.
 *
 * @throws the abort signal's reason; what reading the campaign throws at the start
 */
export async function watchRun(run: WatchedRun, context: CommandContext): Promise<never> {
  let campaign = await run.campaign();
  const ignored = [run.out(campaign), cacheFolders(run.cache(campaign)).root];
  const watcher = new ChangeWatcher({ ignored });
  try {
    for (;;) {
      await watcher.watch(watchedPaths(campaign, run.file));
      context.setExitStatus(await runChild(run.args, context));
      context.stderr.write('Waiting for changes of the campaign, its tasks, checkpoints and modules; Ctrl-C ends.\n');
      const changed = await watcher.next(context.abortSignal);
      const names = changed.map((path) => relative(process.cwd(), path) || path);
      const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
      context.stderr.write(printable(`Changed: ${names.slice(0, 5).join(', ')}${more}\n`));
      // The run says what is wrong with the file; what was watched stays watched.
      campaign = await run.campaign().catch(() => campaign);
    }
  } finally {
    watcher.close();
  }
}

/** What a campaign reads that may change. */
function watchedPaths({ models, tasks, extensions = [] }: Campaign, file: string | undefined): string[] {
  const plugins = models.map(({ model }) => parseModelSpecifier(model).plugin).filter(isPluginPath);
  const checkpoints = models.flatMap(({ checkpoint }) => checkpoint ?? []);
  const modules = extensions.filter((name) => isPluginPath(name) || /\.[cm]?js$/i.test(name));
  const paths = [...plugins, ...modules].map((name) => (name.startsWith('file:') ? fileURLToPath(name) : name));
  return [...(file === undefined ? [] : [file]), ...tasks, ...checkpoints, ...paths];
}

/** The same command as a process of its own; the signal that ends this one ends it, too. */
async function runChild(args: readonly string[], { stdout, stderr, abortSignal }: CommandContext): Promise<number> {
  abortSignal?.throwIfAborted();
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1], ...args], {
    env: { ...process.env, HEARKEN_WATCHED: '1' },
    // Ctrl-C on a terminal would reach it twice.
    detached: process.platform !== 'win32',
    stdio: ['ignore', stdout === process.stdout ? 'inherit' : 'pipe', stderr === process.stderr ? 'inherit' : 'pipe'],
  });
  child.stdout?.pipe(stdout, { end: false });
  child.stderr?.pipe(stderr, { end: false });
  const stop = () => child.kill('SIGTERM');
  const kill = () => child.kill('SIGKILL');
  abortSignal?.addEventListener('abort', stop);
  process.on('exit', kill);
  try {
    const status = await new Promise<number>((done, fail) => {
      child.on('error', fail);
      child.on('close', (code) => {
        done(code ?? refused);
      });
    });
    abortSignal?.throwIfAborted();
    return status;
  } finally {
    abortSignal?.removeEventListener('abort', stop);
    process.off('exit', kill);
  }
}
