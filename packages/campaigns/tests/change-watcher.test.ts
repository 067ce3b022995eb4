import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { ChangeWatcher, type ChangeWatcherOptions } from '../src/node.js';

const temporaryFolder = temporaryFolders();
let watcher: ChangeWatcher;

afterEach(() => {
  watcher.close();
});

async function watched(paths: readonly string[], options: ChangeWatcherOptions = {}): Promise<void> {
  watcher = new ChangeWatcher({ settleMilliseconds: 10, ...options });
  await watcher.watch(paths);
}

describe('a watcher of changes', () => {
  it('tells which file of a folder has changed, however deep', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'task/8000/train'), { recursive: true });
    await watched([join(folder, 'task')]);
    await writeFile(join(folder, 'task/8000/train/a.wav'), 'a');
    expect(await watcher.next()).toContain(join(folder, 'task/8000/train/a.wav'));
  });

  it('tells of a file that is replaced, removed or appears, and not of its neighbours', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'campaign.yaml');
    await writeFile(file, 'a');
    await watched([file, join(folder, 'later.pt')]);
    await writeFile(join(folder, 'other.txt'), 'b');
    await writeFile(join(folder, 'new'), 'c');
    await rename(join(folder, 'new'), file);
    expect(await watcher.next()).toEqual([file]);
    await rm(file);
    expect(await watcher.next()).toEqual([file]);
    await writeFile(join(folder, 'later.pt'), 'd');
    expect(await watcher.next()).toEqual([join(folder, 'later.pt')]);
  });

  it('keeps what changes before it is asked, and ignores the results', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'results'));
    await watched([folder], { ignored: [join(folder, 'results')] });
    await writeFile(join(folder, 'results/a.json'), 'a');
    await rename(join(folder, 'results'), join(folder, 'results.old'));
    await writeFile(join(folder, 'b'), 'b');
    const changed = new Set<string>();
    while (!changed.has(join(folder, 'b'))) for (const path of await watcher.next()) changed.add(path);
    expect([...changed].filter((path) => path.startsWith(join(folder, 'results/')))).toEqual([]);
  });

  it('ends when it is told to', async () => {
    const folder = await temporaryFolder();
    await watched([folder]);
    const controller = new AbortController();
    const next = watcher.next(controller.signal);
    controller.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    await expect(watcher.next(controller.signal)).rejects.toThrow('enough');
  });
});
