import { writeSync } from 'node:fs';
import { PluginError } from '@hearken/core';
import { done, interrupted, refused, terminated } from './exit-status.js';

/** A folder on a slow network takes seconds; a top-level `await` of something that never comes takes for ever. */
const limitMilliseconds = 30_000;

/**
 * Loads a plugin whose module may never be done, or may end the process: the first is an error, and of the second a line
 * on standard error says whose doing it was.
 *
 * @param what the package, for messages
 * @throws PluginError when it takes too long; whatever `load` throws
 */
export async function guardedLoad<Loaded>(
  what: string,
  load: () => Promise<Loaded>,
  limit = limitMilliseconds,
): Promise<Loaded> {
  const onExit = (status: number) => {
    if (status === interrupted || status === terminated) return;
    // Nothing was listed, whatever the plugin says.
    if (status === done) process.exitCode = refused;
    // A stream's own writes may come too late.
    writeSync(process.stderr.fd, `${what}: ended the process while it was loaded (mend it, or uninstall it)\n`);
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const found = `not loaded within ${limit / 1000} s: its module waits for something that does not come`;
      reject(new PluginError({ asked: what, found, fix: 'mend it, or uninstall it' }));
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
