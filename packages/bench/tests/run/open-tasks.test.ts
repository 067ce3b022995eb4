import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { openEachTask, type OpenedTask } from '../../src/run/open-tasks.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();

/** Two of HEAR's tasks as `hearken tasks get` leaves them, and one unpacked. */
async function downloads(): Promise<{ folder: string; cacheFolder: string }> {
  const root = await temporaryFolder();
  const folder = join(root, 'tasks');
  await mkdir(folder);
  for (const name of ['esc50', 'gunshot_triangulation']) {
    const id = await writeToneTask(join(root, 'made'), { name, clips: 1, metadata: { version: 'v2.0.0' } });
    const cwd = join(root, name, 'tasks');
    await mkdir(cwd, { recursive: true });
    await rename(id, join(cwd, `${name}-v2.0.0-full`));
    const file = join(folder, `hear2021-${name}-v2.0.0-full-48000.tar.gz`);
    await create({ file, cwd: join(root, name), gzip: true, portable: true }, ['tasks']);
  }
  await writeFile(join(folder, 'recordings.tar.gz'), 'not of HEAR');
  await writeToneTask(join(folder, 'tones'), { clips: 1 });
  return { folder, cacheFolder: join(root, 'cache') };
}

const names = (opened: readonly OpenedTask[]) => opened.map((item) => ('task' in item ? item.task.id : item.path));

describe('openEachTask', () => {
  it("opens HEAR's archives in a folder beside its task folders", async () => {
    const { folder, cacheFolder } = await downloads();
    const opened = await openEachTask([folder], cacheFolder);
    expect(names(opened)).toEqual(['tones-v1-full', 'esc50-v2.0.0-full', 'gunshot_triangulation-v2.0.0-full']);
    await rm(join(folder, 'tones'), { recursive: true });
    expect(names(await openEachTask([folder], cacheFolder))).toEqual(names(opened).slice(1));
    // One that is named, too, comes once.
    const archive = join(folder, 'hear2021-esc50-v2.0.0-full-48000.tar.gz');
    expect(names(await openEachTask([archive, folder], cacheFolder))).toEqual(names(opened).slice(1));
  });

  it('takes the unpacked task of two, also if it is damaged', async () => {
    const { folder, cacheFolder } = await downloads();
    const unpacked = await writeToneTask(join(folder, 'esc50-v2.0.0-full'), {
      name: 'esc50',
      clips: 1,
      metadata: { version: 'v2.0.0' },
    });
    const opened = await openEachTask([folder], cacheFolder);
    expect(names(opened).sort()).toEqual(['esc50-v2.0.0-full', 'gunshot_triangulation-v2.0.0-full', 'tones-v1-full']);
    expect(opened.find((item) => 'task' in item && item.task.folder === unpacked)).toBeDefined();
    await rm(join(unpacked, 'train.json'));
    const failed = (await openEachTask([folder], cacheFolder)).filter((item) => 'error' in item);
    expect(failed.map((item) => 'path' in item && basename(item.path))).toEqual(['esc50-v2.0.0-full']);
  });

  it('names a damaged archive, and opens the others', async () => {
    const { folder, cacheFolder } = await downloads();
    await writeFile(join(folder, 'hear2021-esc50-v2.0.0-full-48000.tar.gz'), 'damaged');
    const opened = await openEachTask([folder], cacheFolder);
    expect(opened).toHaveLength(3);
    expect(opened.flatMap((item) => ('error' in item ? [item.error.found] : []))).toEqual([
      expect.stringMatching(/^damaged/),
    ]);
  });

  it('unpacks nothing if only folders are asked for', async () => {
    const { folder, cacheFolder } = await downloads();
    expect(names(await openEachTask([folder], cacheFolder, { archivesInside: false }))).toEqual(['tones-v1-full']);
    await expect(readdir(cacheFolder)).rejects.toThrow(/ENOENT/);
  });
});
