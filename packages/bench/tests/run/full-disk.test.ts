import type { FileHandle } from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hasFailed } from '../../src/run/benchmark.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { embeddedClips, fakeRun } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

/** Bytes that the disk still takes in files whose paths match. */
const disk = vi.hoisted(() => ({ free: Infinity, files: / /u }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open: typeof real.open = async (path, ...rest) => {
    const file = await real.open(path, ...rest);
    if (disk.files.test(String(path))) limit(file);
    return file;
  };
  return { ...real, open, default: { ...real, open } };
});

/** Writes what fits, and then fails as the system does. */
function limit(file: FileHandle): void {
  const take = (bytes: number) => {
    disk.free -= bytes;
    if (disk.free < 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  const write = file.write.bind(file) as (...given: unknown[]) => Promise<unknown>;
  const writeFile = file.writeFile.bind(file);
  file.write = (async (bytes: Uint8Array, offset: number, length: number, position: number) => {
    const fitting = Math.min(length, Math.max(0, disk.free));
    take(fitting === 0 ? length : fitting);
    return write(bytes, offset, fitting, position);
  }) as typeof file.write;
  file.writeFile = async (content, ...rest) => {
    if (typeof content === 'string' || content instanceof Uint8Array) take(content.length);
    else for await (const piece of content as AsyncIterable<Uint8Array>) take(piece.length);
    return writeFile(content, ...rest);
  };
}

const temporaryFolder = temporaryFolders();
let folder: string;
let task: string;

beforeEach(async () => {
  disk.free = Infinity;
  folder = await temporaryFolder();
  task = await writeToneTask(join(folder, 'task'), { clips: 10 });
});

describe('a full disk', () => {
  it.each([
    ['embeddings', /train\.0-10\.shard/u, 72],
    ['the manifest of the task', /tones-v1-full-\w+\.jsonl/u, 10],
    ['unfinished work', /\.record\./u, 10],
    ['predictions', /\.predictions\.npy/u, 10],
    ['test clips', /\.test\.jsonl/u, 10],
    ['the result', /tones-v1-full\.json/u, 10],
  ])(
    'while it writes %s ends a run with an error, and the next one has the same result',
    async (_what, files, free) => {
      const [whole] = await runBenchmark({
        ...fakeRun(folder, [task]),
        out: join(folder, 'whole'),
        cache: join(folder, 'whole cache'),
      });
      Object.assign(disk, { files, free });
      const [full] = await runBenchmark(fakeRun(folder, [task]));
      if (!hasFailed(full) || hasFailed(whole)) throw new Error('the wrong one of them failed');
      expect(full.error).toBeInstanceOf(FileError);
      expect(full.error.message).toMatch(/the disk is full; free some space/);
      const names = await readdir(join(folder, 'out', 'fake-small')).catch(() => []);
      expect(names.filter((name) => name.endsWith('.json') || name.endsWith('.tmp'))).toEqual([]);
      disk.free = Infinity;
      const before = embeddedClips();
      const [rest] = await runBenchmark(fakeRun(folder, [task]));
      if (hasFailed(rest)) throw rest.error;
      expect(embeddedClips() - before).toBeLessThanOrEqual(30);
      const { scores, task: scored } = rest.result;
      expect({ scores, scored }).toEqual({ scores: whole.result.scores, scored: whole.result.task });
      expect(await readdir(join(folder, 'cache', 'artifacts', 'trainings'))).toEqual([]);
    },
  );
});
