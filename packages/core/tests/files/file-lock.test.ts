import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FileError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../src/files/file-lock.node.js';
import { Milestone } from '../../../../tests/support/milestone.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'new', 'lock');
});

const nothing = () => Promise.resolve('done');

describe('withFileLock', () => {
  it('waits where it is told whom it waits for, and only once', async () => {
    const order: string[] = [];
    const holders: unknown[] = [];
    const [held, met] = [new Milestone(), new Milestone()];
    const first = withFileLock(path, async () => {
      held.reach();
      await met.reached;
      // Long enough for a second look at it.
      await wait(500);
      order.push('first');
    });
    await held.reached;
    const second = withFileLock(
      path,
      () => {
        order.push('second');
        return Promise.resolve();
      },
      {
        onWait: (holder) => {
          holders.push(holder);
          met.reach();
        },
      },
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(holders).toEqual([{ process: process.pid, host: hostname() }]);
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  it('lets one of many in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, (inside += 1));
      await wait(5);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withFileLock(path, work, { onWait: () => undefined })));
    expect(most).toBe(1);
  });

  it('refuses without that, and says what to do', async () => {
    await withFileLock(path, async () => {
      const refused = withFileLock(path, nothing, { what: 'the thing' });
      await expect(refused).rejects.toThrow(FileError);
      await expect(refused).rejects.toThrow(/^the thing: in use by another run.*process \d+.*remove '.*lock'/);
    });
  });

  it('stops waiting when it is aborted', async () => {
    const controller = new AbortController();
    await withFileLock(path, async () => {
      const waiting = withFileLock(path, nothing, {
        onWait: () => setTimeout(() => controller.abort(new Error('enough')), 20),
        abortSignal: controller.signal,
      });
      await expect(waiting).rejects.toThrow('enough');
      expect(await readFile(path, 'utf8')).toMatch(`${process.pid} ${hostname()} `);
    });
  });

  it.each([
    ['a dead process', () => `${spawnSync(process.execPath, ['-e', '']).pid} ${hostname()}`],
    // A container that starts again gives its processes the same numbers.
    ['a process of the same number', () => `${process.pid} ${hostname()}`],
  ])('takes over what %s left', async (_who, content) => {
    await withFileLock(path, nothing);
    await writeFile(path, content());
    expect(await withFileLock(path, nothing)).toBe('done');
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  it('takes an empty lock for one that is being written, until it has stayed so for a while', async () => {
    await withFileLock(path, nothing);
    await writeFile(path, '');
    setTimeout(() => void writeFile(path, `${process.ppid} ${hostname()}`), 300);
    const timing = { empty: Infinity, poll: 20 };
    await expect(withFileLock(path, nothing, { timing })).rejects.toThrow(`process ${process.ppid} on ${hostname()}`);
    await writeFile(path, '');
    expect(await withFileLock(path, nothing, { timing: { empty: 100, poll: 20 } })).toBe('done');
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  it('leaves a lock alone that is not its own any more', async () => {
    await withFileLock(path, () => writeFile(path, '1 elsewhere.example'));
    expect(await readFile(path, 'utf8')).toBe('1 elsewhere.example');
  });

  it('says what is wrong with a lock that cannot be read', async () => {
    await withFileLock(path, nothing);
    await mkdir(path);
    await expect(withFileLock(path, nothing)).rejects.toThrow(FileError);
  });
});
