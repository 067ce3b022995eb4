import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileArtifacts, taskManifest } from '@hearken/artifacts/node';
import { HearkenError, type Embedder, type Plugin } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { embedTask, type EmbedTaskOptions } from '../../src/run/embed-task.node.js';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { openTask } from '@hearken/tasks/node';
import { encodeWav } from '@hearken/signals';
import { embeddedClips, fakePlugin } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { tone, type ToneTaskOptions, writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let plugin: Plugin;
let embedder: Embedder;

beforeEach(async () => {
  plugin = await createNodeRegistry().resolve(fakePlugin);
  embedder = await plugin.loadModel();
});

async function setUp(task: ToneTaskOptions = {}) {
  const folder = await temporaryFolder();
  const opened = await openTask(await writeToneTask(join(folder, 'task'), task));
  const artifacts = new FileArtifacts(join(folder, 'cache'));
  const found = await taskManifest(opened, opened.sampleRates, { folder: join(folder, 'manifests') });
  const embed = async ({
    contentHash = 'content',
    ...more
  }: Partial<EmbedTaskOptions> & { contentHash?: string } = {}) => {
    const before = embeddedClips();
    const manifest = { ...found, contentHash };
    // Two clips a batch.
    const options = { artifacts, manifest, batchValues: 8000, ...more };
    const result = await embedTask(
      opened,
      { plugin, description: embedder, open: () => Promise.resolve(embedder) },
      options,
    );
    return { ...result, embedded: embeddedClips() - before };
  };
  return { embed, artifacts, task: opened };
}

/** The folder that the embeddings of the one task are in. */
async function cachedFiles({ folder: root }: FileArtifacts): Promise<{ folder: string; files: string[] }> {
  const [model] = await readdir(join(root, 'embeddings'));
  const [task] = await readdir(join(root, 'embeddings', model));
  const folder = join(root, 'embeddings', model, task);
  return { folder, files: (await readdir(folder)).sort() };
}

describe('embedTask', () => {
  it('gives each scene a row and a target, in the order of the split', async () => {
    const { embed } = await setUp({ clips: 3 });
    const { splits, clips, embedded } = await embed();
    expect([clips, embedded]).toEqual([9, 9]);
    expect([...splits.keys()]).toEqual(['train', 'valid', 'test']);
    const train = splits.get('train');
    expect(train?.clipNames).toEqual(['0.wav', '1.wav', '2.wav']);
    expect(train).toMatchObject({ count: 3, size: 4, targets: Uint8Array.of(1, 0, 0, 1, 1, 0) });
    // The third number counts zero crossings: 0.1 and 0.9 radians a sample make 0.1 / pi and 0.9 / pi of them.
    const crossings = [0, 1, 2].map((row) => train?.embeddings[row * 4 + 2]);
    [0.1, 0.9, 0.1].forEach((step, row) => {
      expect(crossings[row]).toBeCloseTo(step / Math.PI, 2);
    });
  });

  it('gives events a row a timestamp, with the labels that cover it', async () => {
    const { embed } = await setUp({ clips: 2, event: true });
    const train = (await embed()).splits.get('train');
    // Half a second, a timestamp every 100 ms from 0 on; the events last from 0 to 300 ms.
    expect(train).toMatchObject({ count: 12, size: 4 });
    expect([...(train?.timestamps ?? [])]).toEqual([0, 100, 200, 300, 400, 500, 0, 100, 200, 300, 400, 500]);
    expect([...(train?.clipOf ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    const low = [1, 0];
    const high = [0, 1];
    const none = [0, 0];
    expect([...(train?.targets ?? [])]).toEqual(
      [low, low, low, low, none, none, high, high, high, high, none, none].flat(),
    );
    expect(train?.events?.[1]).toEqual([{ label: 'high', start: 0, end: 300 }]);
    const again = await embed();
    expect(again.embedded).toBe(0);
    expect(again.splits.get('train')).toEqual(train);
  });

  it('computes nothing twice, unless told to', async () => {
    const { embed } = await setUp();
    const first = await embed();
    const second = await embed();
    expect([first.embedded, second.embedded]).toEqual([24, 0]);
    expect([first.cachedClips, second.cachedClips]).toEqual([0, 24]);
    expect(second.splits).toEqual(first.splits);
    expect(second.seconds).toBe(first.seconds);
    expect((await embed({ discardCache: true })).embedded).toBe(24);
  });

  it('computes anew for other content or another model', async () => {
    const { embed } = await setUp();
    await embed();
    expect((await embed({ contentHash: 'other' })).embedded).toBe(24);
    embedder = await plugin.loadModel(undefined, { scale: 2 });
    expect((await embed()).embedded).toBe(24);
    // Another number of threads is no other model.
    embedder = await plugin.loadModel(undefined, { scale: 2, runtime: { threads: 7 } });
    expect((await embed()).embedded).toBe(0);
  });

  it('goes on after the last finished clip when it was stopped', async () => {
    const { embed } = await setUp();
    const whole = await (await setUp()).embed();
    const controller = new AbortController();
    const stopped = embed({
      abortSignal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 10) controller.abort(new Error('stopped'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    const progress: number[] = [];
    const rest = await embed({ onProgress: ({ done }) => progress.push(done) });
    expect(rest.embedded).toBe(14);
    expect(rest.cachedClips).toBe(10);
    expect(progress).toEqual([12, 14, 16, 18, 20, 22, 24]);
    expect(rest.splits).toEqual(whole.splits);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 90)],
    ['empty', () => Buffer.alloc(0)],
    [
      'of other content',
      (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 9 ? byte ^ 4 : byte))),
    ],
  ])('computes a shard that is %s again, and says so', async (_how, damage) => {
    for (const event of [false, true]) {
      const { embed, artifacts } = await setUp({ event });
      const first = await embed();
      const { folder, files } = await cachedFiles(artifacts);
      expect(files).toEqual(['test.0-8.shard', 'train.0-8.shard', 'valid.0-8.shard']);
      const path = join(folder, 'train.0-8.shard');
      await writeFile(path, damage(await readFile(path)));
      const notes: string[] = [];
      const again = await embed({ onNote: (note) => notes.push(note) });
      expect([again.embedded, again.cachedClips]).toEqual([8, 16]);
      expect(again.splits).toEqual(first.splits);
      expect(notes).toEqual([`cached embeddings: '${path}' is damaged; its 8 clips will be computed again`]);
      expect((await embed()).embedded).toBe(0);
      expect((await cachedFiles(artifacts)).files).toEqual(files);
    }
  });

  it('shares the work when it runs several times at once, with the same rows and nothing left over', async () => {
    const { embed, artifacts } = await setUp({ event: true });
    const expected = (await (await setUp({ event: true })).embed()).splits;
    const all = await Promise.all([embed(), embed(), embed()]);
    for (const { splits } of all) expect(splits).toEqual(expected);
    expect((await cachedFiles(artifacts)).files).toEqual(['test.0-8.shard', 'train.0-8.shard', 'valid.0-8.shard']);
  });

  it('refuses a clip that was changed after the task was hashed', async () => {
    const { embed, task } = await setUp();
    await writeFile(join(task.folder, '8000', 'valid', '3.wav'), encodeWav(tone(0.3, 1), 8000));
    await expect(embed()).rejects.toThrow(/'3\.wav'.*'valid'.*changed after the run began/);
  });

  it('leaves the rows in their files where they are many, also when those are computed again meanwhile', async () => {
    const { embed } = await setUp({ clips: 3 });
    const expected = (await embed()).splits.get('train')!.embeddings;
    const { splits, bytes, close } = await embed({ memoryBytes: 143 });
    expect(bytes).toBe(144);
    const { embeddings, stored } = splits.get('train')!;
    expect(embeddings).toHaveLength(0);
    await embed({ discardCache: true });
    const read = new Float32Array(12);
    stored?.read(0, 3, read, 0);
    expect([...read]).toEqual([...expected]);
    close();
    expect((await embed({ memoryBytes: 144 })).splits.get('train')?.embeddings).toHaveLength(12);
  });

  it('has the rows in memory that threads can share', async () => {
    const { embed } = await setUp({ clips: 2 });
    expect((await embed()).splits.get('train')?.embeddings.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('names the clip that the model answers with NaN', async () => {
    const spike = Float32Array.from(tone(0.1, 0));
    spike[0] = 0.95;
    const { embed } = await setUp({ replace: { 'valid/5.wav': encodeWav(spike, 8000) } });
    const failed = embed();
    await expect(failed).rejects.toThrow(HearkenError);
    await expect(failed).rejects.toThrow(/'5\.wav'.*'valid'.*NaN/);
    // What came before it is kept.
    await expect(embed()).rejects.toThrow(/'5\.wav'/);
    const before = embeddedClips();
    await expect(embed()).rejects.toThrow(/'5\.wav'/);
    expect(embeddedClips() - before).toBeLessThanOrEqual(4);
  });

  it('names the clip that is too short for the model', async () => {
    const { embed } = await setUp({
      metadata: { sample_duration: null },
      replace: { 'test/3.wav': encodeWav(tone(0.1, 0, 9), 8000) },
    });
    await expect(embed()).rejects.toThrow(/'3\.wav'.*'test'.*16 samples or more: 9 samples/);
  });

  it('refuses a task of another kind of signal before it reads any', async () => {
    const { embed } = await setUp();
    embedder = { ...embedder, channels: 12, provenance: embedder.provenance };
    await expect(embed()).rejects.toThrow(/audio for a model of 12-lead ECGs/);
  });
});
