import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isGone, processName } from '../../packages/core/src/files/process-name.node.js';

/** Nothing that tests wait for takes this long: another process has the number of the one that was killed. */
const abandonedMilliseconds = 60 * 60 * 1000;

/**
 * Runs `work` while no other process of this machine, and nothing else in this one, does so with the same folder.
 *
 * Everyone prepares a folder that contains a file, and renames it to `folder`. That fails unless `folder` is missing or
 * empty, so one of them gets it. It is empty again when the file is removed: by its owner, or by the others after the
 * owner was killed.
 */
export async function oneAtATime<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const name = `${processName()}-${randomBytes(4).toString('hex')}`;
  const own = `${folder}.${name}`;
  await mkdir(own, { recursive: true });
  await writeFile(join(own, name), '');
  while (!(await take(own, folder))) {
    await removeEnded(folder);
    await wait(100);
  }
  try {
    return await work();
  } finally {
    await rm(join(folder, name));
  }
}

async function take(own: string, folder: string): Promise<boolean> {
  // Windows renames nothing over an empty folder.
  await rmdir(folder).catch(() => undefined);
  return rename(own, folder).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(cause.code ?? '')) return false;
      throw cause;
    },
  );
}

/** Names are never used again, so that this can't remove a living process's file. */
async function removeEnded(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const status = await stat(join(folder, name)).catch(() => undefined);
    const isOld = status !== undefined && Date.now() - status.mtimeMs > abandonedMilliseconds;
    if (isGone(name) || isOld) await rm(join(folder, name), { force: true });
  }
}
