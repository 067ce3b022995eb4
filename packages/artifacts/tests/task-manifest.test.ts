import { cp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import type { Task } from '@hearken/tasks';
import { openTask, taskContentHash } from '@hearken/tasks/node';
import { beforeEach, expect, it } from 'vitest';
import { isUnchanged, taskManifest } from '../src/manifests/task-manifest.node.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let root: string;
let task: Task;

beforeEach(async () => {
  root = await temporaryFolder();
  task = await openTask(await writeToneTask(join(root, 'task'), { clips: 3 }));
});

/** Metadata, vocabulary, three splits, nine clips. */
const files = 14;
const manifest = (of = task) => taskManifest(of, of.sampleRates, { folder: join(root, 'manifests') });
const clip = (name: string) => join(task.folder, '8000', 'train', name);

it('hashes to the same as the content of the task', async () => {
  const { contentHash, hashed, file } = await manifest();
  expect(contentHash).toBe(await taskContentHash(task));
  expect(hashed).toBe(files);
  expect(file('8000/train/0.wav')?.bytes).toBe((await readFile(clip('0.wav'))).length);
  expect(file('8000/train/9.wav')).toBeUndefined();
});

it('hashes files again that were changed so recently that they may change again at the same time', async () => {
  await manifest();
  expect((await manifest()).hashed).toBe(files);
});

it('hashes a file once, and again when it is changed', async () => {
  await manifest();
  const later = { now: () => Date.now() + 86_400_000 };
  const again = () => taskManifest(task, task.sampleRates, { folder: join(root, 'manifests'), ...later });
  expect((await again()).hashed).toBe(files);
  const { contentHash, hashed } = await again();
  expect(hashed).toBe(0);
  await cp(clip('1.wav'), clip('0.wav'));
  const changed = await again();
  expect(changed.hashed).toBe(1);
  expect(changed.contentHash).not.toBe(contentHash);
  expect(changed.contentHash).toBe(await taskContentHash(task));
  // The same size and the same time of modification do not hide a change.
  const { mtime } = await stat(clip('2.wav'));
  const bytes = await readFile(clip('2.wav'));
  bytes[60] ^= 1;
  await writeFile(clip('2.wav'), bytes);
  await utimes(clip('2.wav'), mtime, mtime);
  expect((await again()).contentHash).toBe(await taskContentHash(task));
});

it('leaves out missing clips if that is allowed', async () => {
  await rm(clip('0.wav'));
  await expect(manifest()).rejects.toThrow(FileError);
  const { contentHash, file } = await taskManifest(task, [8000], { folder: join(root, 'm'), allowMissing: true });
  expect(contentHash).toBe(await taskContentHash(task, [8000], { allowMissing: true }));
  expect(file('8000/train/0.wav')).toBeUndefined();
});

it.each([
  ['nothing', ''],
  ['another format', '{"hearkenManifest":1}\n'],
  ['damaged lines', '{"hearkenManifest":2}\n{"path":"8000/train/0.wav","sha256":"0"}\n{}\n[\n'],
])('does not trust a file with %s', async (_what, text) => {
  await manifest();
  const [name] = await readdir(join(root, 'manifests'));
  await writeFile(join(root, 'manifests', name), text);
  expect((await manifest()).contentHash).toBe(await taskContentHash(task));
});

it('does not trust a line with a changed digit', async () => {
  const later = { folder: join(root, 'manifests'), now: () => Date.now() + 86_400_000 };
  const { contentHash } = await taskManifest(task, task.sampleRates, later);
  const [name] = await readdir(later.folder);
  const text = await readFile(join(later.folder, name), 'utf8');
  await writeFile(
    join(later.folder, name),
    text.replace(/"sha256":"(.)/, (all, digit: string) => all.slice(0, -1) + (digit === '0' ? '1' : '0')),
  );
  const again = await taskManifest(task, task.sampleRates, later);
  expect([again.contentHash, again.hashed]).toEqual([contentHash, 1]);
});

it('tells a clip that was changed by its content, not by its time alone', async () => {
  const { file } = await manifest();
  const facts = file('8000/train/0.wav')!;
  expect(await isUnchanged(task.folder, facts)).toBe(true);
  await utimes(clip('0.wav'), 1, 1);
  expect(await isUnchanged(task.folder, facts)).toBe(true);
  await cp(clip('1.wav'), clip('0.wav'));
  expect(await isUnchanged(task.folder, facts)).toBe(false);
  await rm(clip('0.wav'));
  expect(await isUnchanged(task.folder, facts)).toBe(false);
});
