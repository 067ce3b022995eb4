import { spawnSync } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Embedder, Plugin } from '@hearken/core';
import { processName } from '@hearken/core/node';
import { embedTaskFolder } from '../../src/heareval/embed-task-folder.node.js';
import { PythonRandom } from '../../src/heareval/python-random.js';
import { readEmbeddingFolder } from '../../src/heareval/read-embedding-folder.node.js';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { openTask } from '@hearken/tasks/node';
import { exists } from '../../../../tests/support/packed-packages.js';
import { embeddedClips, fakePlugin } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let model: { plugin: Plugin; embedder: Embedder };

beforeEach(async () => {
  folder = await temporaryFolder();
  const plugin = await createNodeRegistry().resolve(fakePlugin);
  model = { plugin, embedder: await plugin.loadModel(undefined, {}) };
});
afterEach(() => model.embedder.dispose());

async function embed(event: boolean, force = false, clips = 5) {
  const task = await openTask(await writeToneTask(join(folder, 'task'), { event, clips }));
  return { task, result: await embedTaskFolder(task, model, { folder: join(folder, 'out'), force }) };
}

/** The values of a `.npy` file by its documented layout, without the reader under test. */
async function npyBody(path: string): Promise<{ header: string; values: number[] }> {
  const bytes = await readFile(path);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
  const start = 10 + bytes.readUInt16LE(8);
  const values = Array.from({ length: (bytes.length - start) / 4 }, (_, index) => bytes.readFloatLE(start + index * 4));
  return { header: bytes.subarray(10, start).toString('latin1'), values };
}

/** All files of a folder, without the time that embedding took. */
async function contentOf(out: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const content = new Map<string, string>();
  for (const path of paths.sort()) {
    const text = await readFile(path, 'latin1');
    content.set(path.slice(out.length), text.replace(/"time_elapsed": [\d.e-]+/, ''));
  }
  return content;
}

describe('embedTaskFolder', () => {
  it('writes the files of a scene task, and no other', async () => {
    const { result } = await embed(false);
    expect(result).toMatchObject({ clips: 15, reused: 0 });
    const perSplit = (split: string) => [
      split,
      `${split}.embedding-dimensions.json`,
      `${split}.embeddings.npy`,
      `${split}.json`,
      `${split}.target-labels.pkl`,
    ];
    const description = ['task_metadata.json', 'labelvocabulary.csv', 'profile.embeddings.json'];
    const all = [
      '.done.embeddings',
      'hearken-origin.json',
      ...description,
      ...['train', 'valid', 'test'].flatMap(perSplit),
    ];
    expect((await readdir(result.folder)).sort()).toEqual(all.sort());
    expect((await readdir(join(result.folder, 'test'))).sort()).toEqual(
      [0, 1, 2, 3, 4].flatMap((clip) => [`${clip}.wav.embedding.npy`, `${clip}.wav.target-labels.json`]),
    );
    expect((await stat(join(result.folder, '.done.embeddings'))).size).toBe(0);
    for (const name of ['task_metadata.json', 'labelvocabulary.csv', 'train.json']) {
      expect(await readFile(join(result.folder, name))).toEqual(await readFile(join(folder, 'task', name)));
    }
    expect(await readFile(join(result.folder, 'test', '1.wav.target-labels.json'), 'utf8')).toBe('["high"]');
  });

  it('joins clips as raw float32 in the order of Python’s shuffle, each split by what the last one left', async () => {
    const { result, task } = await embed(false);
    const random = new PythonRandom(0);
    for (const split of ['train', 'valid', 'test']) {
      const clips = [...task.splits.get(split)!];
      random.shuffle(clips);
      expect(await readFile(join(result.folder, `${split}.embedding-dimensions.json`), 'utf8')).toBe('[5, 4]');
      const raw = await readFile(join(result.folder, `${split}.embeddings.npy`));
      expect(raw.length).toBe(5 * 4 * 4);
      for (const [row, clip] of clips.entries()) {
        const { header, values } = await npyBody(join(result.folder, split, `${clip.name}.embedding.npy`));
        expect(header).toContain("'descr': '<f4', 'fortran_order': False, 'shape': (4,)");
        expect(values).toEqual([0, 1, 2, 3].map((index) => raw.readFloatLE((row * 4 + index) * 4)));
      }
    }
  });

  it('writes timestamps and labels of an event task', async () => {
    const { result } = await embed(true, false, 2);
    // Half a second at a hop of 100 ms, the event from 0 to 300.
    const clip = (file: string) => readFile(join(result.folder, 'valid', `1.wav.${file}`), 'utf8');
    expect(await clip('timestamps.json')).toBe('[0.0, 100.0, 200.0, 300.0, 400.0, 500.0]');
    expect(JSON.parse(await clip('target-labels.json'))).toEqual([['high'], ['high'], ['high'], ['high'], [], []]);
    expect((await npyBody(join(result.folder, 'valid', '1.wav.embedding.npy'))).header).toContain("'shape': (6, 4)");
    const stamps = await readFile(join(result.folder, 'valid.filename-timestamps.json'), 'utf8');
    const parsed = JSON.parse(stamps) as [string, number][];
    expect(parsed).toHaveLength(12);
    expect(stamps).toMatch(/^\[\n {4}\[\n {8}".*\/valid\/\d\.wav",\n {8}0\.0\n {4}\],\n/);
    expect(stamps.endsWith('\n    ]\n]')).toBe(true);
    expect(new Set(parsed.map(([file]) => basename(file)))).toEqual(new Set(['0.wav', '1.wav']));
  });

  it('is read back whole', async () => {
    for (const event of [false, true]) {
      const { result, task } = await embed(event, true, 3);
      const { input, done } = await readEmbeddingFolder(result.folder);
      expect(done).toBe(true);
      const { targets, count, clipOf, clipNames } = input.splits.get('test')!;
      expect(count).toBe(event ? 18 : 3);
      const high = Array.from({ length: count }, (_, row) => targets[2 * row + 1]);
      expect(high.reduce((sum, one) => sum + one, 0)).toBe(event ? 4 : 1);
      if (event) expect(clipNames[clipOf[high.indexOf(1)]]).toBe(task.splits.get('test')![1].name);
    }
  });

  it('goes on after the last clip that was done, and does nothing once all are', async () => {
    const { result, task } = await embed(false);
    const whole = await readFile(join(result.folder, 'train.embeddings.npy'));
    const before = embeddedClips();
    expect(await embedTaskFolder(task, model, { folder: result.folder })).toMatchObject({ reused: 15, clips: 15 });
    expect(embeddedClips()).toBe(before);

    // As a process leaves it that was killed on the way.
    await rm(join(result.folder, '.done.embeddings'));
    await rm(join(result.folder, 'train.embeddings.npy'));
    await rm(join(result.folder, 'train', '3.wav.embedding.npy'));
    const dead = `${processName().split('-')[0]}-${spawnSync(process.execPath, ['--version']).pid}`;
    const left = [`.3.wav.embedding.npy.${dead}-0123abcd.tmp`, `.train.embeddings.npy.${dead}-0123abcd.tmp`];
    await writeFile(join(result.folder, 'train', left[0]), 'half');
    await writeFile(join(result.folder, left[1]), 'half');
    const again = await embedTaskFolder(task, model, { folder: result.folder });
    expect(again.reused).toBe(14);
    expect(embeddedClips()).toBe(before + 1);
    expect(Buffer.compare(await readFile(join(result.folder, 'train.embeddings.npy')), whole)).toBe(0);
    expect(await readdir(join(result.folder, 'train'))).not.toContain(left[0]);
    expect(await readdir(result.folder)).not.toContain(left[1]);
  });

  it('writes the same files when two runs embed into one folder at the same time', async () => {
    for (const event of [false, true]) {
      const task = await openTask(await writeToneTask(join(folder, 'task'), { event, clips: 5 }));
      const out = join(folder, 'out');
      const run = () => embedTaskFolder(task, model, { folder: out, batchValues: 4000 });
      await Promise.all([run(), run()]);
      const two = await contentOf(out);
      await rm(out, { recursive: true });
      await run();
      expect(two).toEqual(await contentOf(out));
      await rm(out, { recursive: true });
    }
  });

  it('refuses one of two runs that embed with different models into one folder at the same time', async () => {
    const task = await openTask(await writeToneTask(join(folder, 'task'), { clips: 2 }));
    const other = { ...model, embedder: await model.plugin.loadModel(undefined, { scale: 2 }) };
    const ended = await Promise.allSettled(
      [model, other].map((one) => embedTaskFolder(task, one, { folder: join(folder, 'out') })),
    );
    const refusals = ended.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    expect(refusals).toEqual([expect.stringContaining('another model')]);
    await other.embedder.dispose();
  });

  it('ends with an error when another run removes its embeddings and writes those of another model', async () => {
    const task = await openTask(await writeToneTask(join(folder, 'task'), { clips: 2 }));
    const out = join(folder, 'out');
    const other = { ...model, embedder: await model.plugin.loadModel(undefined, { scale: 2 }) };
    let replaced = false;
    const embedScenes: Embedder['embedScenes'] = async (...args) => {
      // The first clips have been written.
      if ((await exists(join(out, 'train', '0.wav.embedding.npy'))) && !replaced) {
        replaced = true;
        await embedTaskFolder(task, other, { folder: out, force: true });
      }
      return model.embedder.embedScenes(...args);
    };
    const slow = { ...model, embedder: Object.assign(Object.create(model.embedder) as Embedder, { embedScenes }) };
    const embedding = embedTaskFolder(task, slow, { folder: out, batchValues: 4000 });
    await expect(embedding).rejects.toThrow(/another run has removed these embeddings/);
    expect(replaced).toBe(true);
    const content = await contentOf(out);
    await embedTaskFolder(task, other, { folder: join(folder, 'alone') });
    expect(content).toEqual(await contentOf(join(folder, 'alone')));
    await other.embedder.dispose();
  });

  it('mixes no models, and removes nothing that is no embedding', async () => {
    const { result, task } = await embed(false);
    const other = { ...model, embedder: await model.plugin.loadModel(undefined, { scale: 2 }) };
    await expect(embedTaskFolder(task, other, { folder: result.folder })).rejects.toThrow(/another model/);
    await embedTaskFolder(task, other, { folder: result.folder, force: true });
    expect(await readFile(join(result.folder, 'hearken-origin.json'), 'utf8')).toContain('"scale":2');
    const foreign = join(folder, 'foreign');
    await writeToneTask(join(foreign, 'documents'), { clips: 1 });
    await expect(embedTaskFolder(task, model, { folder: foreign })).rejects.toThrow(/other files in it/);
    await expect(embedTaskFolder(task, model, { folder: foreign, force: true })).rejects.toThrow(/nothing was removed/);
    expect(await readdir(foreign)).toEqual(['documents']);
    await other.embedder.dispose();
  });
});
