import { readdir, readlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Ends what a guide has left running in the background, which happens when it fails: all processes whose current folder is
 * in the guide's. Where the system does not list them in `/proc`, nothing is ended.
 */
export async function endProcessesIn(folder: string): Promise<void> {
  for (let signal: NodeJS.Signals = 'SIGTERM'; ; signal = 'SIGKILL') {
    const left = await processesIn(folder);
    if (left.length === 0) return;
    for (const id of left) {
      try {
        process.kill(id, signal);
      } catch {
        // It has just ended.
      }
    }
    await wait(signal === 'SIGTERM' ? 1000 : 100);
  }
}

async function processesIn(folder: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const places = names
    .filter((name) => /^\d+$/.test(name))
    .map(async (name) => ({ id: Number(name), place: await readlink(join('/proc', name, 'cwd')).catch(() => '') }));
  return (await Promise.all(places)).filter(({ place }) => (place + sep).startsWith(folder + sep)).map(({ id }) => id);
}
