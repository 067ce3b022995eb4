import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Does a job while no other process does one under the same lock, a folder. A lock whose owner has died is taken over. */
export async function withFolderLock<T>(lock: string, job: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lock), { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (await isAbandoned(lock)) await rm(lock, { recursive: true, force: true });
      else await wait(100);
    }
  }
  try {
    await writeFile(join(lock, 'owner'), String(process.pid));
    return await job();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  const owner = Number(await readFile(join(lock, 'owner'), 'utf8').catch(() => ''));
  // Whoever made the folder a moment ago has yet to write its number into it.
  if (owner === 0) return stat(lock).then(({ mtimeMs }) => Date.now() - mtimeMs > 10_000, Boolean);
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
