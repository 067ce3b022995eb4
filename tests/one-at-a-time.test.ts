import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processName } from '../packages/core/src/files/process-name.node.js';
import { oneAtATime } from './support/one-at-a-time.js';
import { temporaryFolders } from './support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

it('runs one of several works at a time, also after one that failed or whose process was killed', async () => {
  const folder = join(await temporaryFolder(), 'lock');
  const killed = `${processName().split('-')[0]}-${spawnSync(process.execPath, ['--version']).pid}-0123abcd`;
  await mkdir(folder);
  await writeFile(join(folder, killed), '');
  let running = 0;
  const work = async (index: number) => {
    running += 1;
    expect(running).toBe(1);
    await new Promise(setImmediate);
    running -= 1;
    if (index === 1) throw new Error('failed');
    return index;
  };
  const ended = await Promise.allSettled([0, 1, 2, 3].map((index) => oneAtATime(folder, () => work(index))));
  expect(ended.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([0, 'failed', 2, 3]);
  expect(await readdir(join(folder, '..'))).toEqual(['lock']);
  expect(await readdir(folder)).toEqual([]);
});
