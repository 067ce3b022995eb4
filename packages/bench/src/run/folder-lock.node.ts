import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { makeFolder, writing } from './write-file.node.js';

/**
 * Runs `work` while no other process does so in the same folder. A lock that a dead process left is taken over.
 *
 * @throws FileError when a living process holds the folder, or it cannot be written
 */
export async function withFolderLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const path = join(folder, 'lock');
  await makeFolder(folder);
  if (!(await tryLock(path))) {
    const holder = await readHolder(path);
    if (isAlive(holder)) throw locked(folder, holder);
    await rm(path, { force: true });
    if (!(await tryLock(path))) throw locked(folder, await readHolder(path));
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  return writing(path, async () => {
    const file = await open(path, 'wx').catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw cause;
    });
    if (file === undefined) return false;
    await file.writeFile(`${process.pid} ${hostname()}`);
    await file.close();
    return true;
  });
}

interface Holder {
  readonly process: number;
  readonly host: string;
}

async function readHolder(path: string): Promise<Holder> {
  const [id, host] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
  return { process: Number(id), host: host ?? '' };
}

function isAlive({ process: id, host }: Holder): boolean {
  if (host !== '' && host !== hostname()) return true;
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    // Signal 0 only asks whether the process is there.
    process.kill(id, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function locked(folder: string, holder: Holder): FileError {
  return new FileError({
    asked: `cache folder '${folder}'`,
    found: `another run at work in it (process ${holder.process} on ${holder.host})`,
    fix: `wait for it, pass another --cache, or remove '${join(folder, 'lock')}' if there is no such run`,
  });
}
