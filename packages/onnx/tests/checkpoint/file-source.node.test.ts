import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointError } from '@hearken/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileSource } from '../../src/checkpoint/file-source.node.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-file-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('openFileSource', () => {
  it('reads ranges of a file', async () => {
    const path = join(folder, 'six.bin');
    await writeFile(path, Uint8Array.of(10, 11, 12, 13, 14, 15));
    const source = await openFileSource(path);
    expect(source.size).toBe(6);
    expect(source.path).toBe(path);
    const ranges = await Promise.all([source.read(4, 2), source.read(0, 3)]);
    expect(ranges.map((bytes) => [...bytes])).toEqual([
      [14, 15],
      [10, 11, 12],
    ]);
    await expect(source.read(4, 3)).rejects.toThrow(CheckpointError);
    await source.close();
    await expect(source.read(0, 1)).rejects.toThrow(CheckpointError);
  });

  it('notices a file that became shorter', async () => {
    const path = join(folder, 'shrinking.bin');
    await writeFile(path, new Uint8Array(100));
    const source = await openFileSource(path);
    await truncate(path, 50);
    await expect(source.read(40, 20)).rejects.toThrow(/became shorter/);
    await source.close();
  });

  it.each([
    ['missing.pt', /no such file/],
    ['', /is a folder/],
    ['empty.pt', /is empty/],
    ['empty.pt/inside.pt', /no such file/],
  ])("refuses '%s' and names the path", async (name, message) => {
    await writeFile(join(folder, 'empty.pt'), '');
    const path = join(folder, name);
    const error: unknown = await openFileSource(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as CheckpointError).asked).toBe(path);
    expect((error as CheckpointError).message).toMatch(message);
  });

  it.skipIf(process.platform === 'win32')('refuses anything but a regular file, without waiting for it', async () => {
    await expect(openFileSource('/dev/null')).rejects.toThrow(/not a regular file/);
  });
});
