import { writeSync } from 'node:fs';
import { PluginError } from '@hearken/core';
import { done, interrupted, refused, terminated } from './exit-status.js';

/** A folder on a slow network takes seconds; a top-level `await` of a promise that never settles takes forever. */
const limitMilliseconds = 30_000;

/**
 * Loads a plugin whose module may never finish loading, or may end the process. The former is an error; the latter
 * prints a line to standard error that names the plugin.
 *
 * @param what the package, for messages
 * @throws PluginError if it takes too long; whatever `load` throws
 */
export async function guardedLoad<Loaded>(
  what: string,
  load: () => Promise<Loaded>,
  limit = limitMilliseconds,
): Promise<Loaded> {
  const onExit = (status: number) => {
    if (status === interrupted || status === terminated) return;
    // Whatever the plugin's status, nothing was listed.
    if (status === done) process.exitCode = refused;
    // The stream's own writes may come too late.
    writeSync(process.stderr.fd, `${what}: ended the process while it was being loaded (fix or uninstall it)\n`);
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const found = `not loaded within ${limit / 1000} s: its module waits for something that never happens`;
      reject(new PluginError({ asked: what, found, fix: 'fix or uninstall it' }));
    }, limit);
  });
  process.on('exit', onExit);
  try {
    return await Promise.race([load(), late]);
  } finally {
    clearTimeout(timer);
    process.off('exit', onExit);
  }
}
