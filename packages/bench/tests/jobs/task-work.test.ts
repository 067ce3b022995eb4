import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeRecord } from '@hearken/artifacts/node';
import { expect, it } from 'vitest';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';
import { LoadedModel, TaskWork } from '../../src/jobs.js';

const folders = temporaryFolders();

/** The same task with models that differ by a factor. */
async function makeWorks(task: string, cache: string, scales: readonly number[]): Promise<TaskWork[]> {
  const options = { task, cache, out: join(cache, 'out'), isDefaultModel: false };
  return Promise.all(
    scales.map(async (scale) => {
      const model = await LoadedModel.load({ model: fakePlugin, modelOptions: { scale } });
      return TaskWork.open(options, model);
    }),
  );
}

const missingOf = async (work: TaskWork) => (await work.missingShards()).length;

/** The rows of all shards in a cache, by key. */
async function rowsIn(cache: string): Promise<Record<string, unknown>> {
  const root = join(cache, 'artifacts');
  const names = (await readdir(root, { recursive: true })).filter((name) => /^embeddings.*shard/.test(name));
  const rows: Record<string, unknown> = {};
  for (const name of names.sort()) rows[name] = decodeRecord(await readFile(join(root, name)), name)?.arrays;
  return rows;
}

it('reads each clip once for several models, and stores what each of them would store alone', async () => {
  const folder = await folders();
  const [together, apart] = [join(folder, 'together'), join(folder, 'apart')];
  const task = await writeToneTask(join(folder, 'task'), { name: 'task' });
  const [one, two, three] = await makeWorks(task, together, [1, 2, 3]);
  const wanted = await one.missingShards();
  const clips = wanted.reduce((sum, shard) => sum + shard.clips, 0);
  // What one of them has already is not computed again.
  await two.embed([wanted[0]]);
  const read: string[] = [];
  const counts = { computed: 0, found: 0, embedded: 0 };
  await one.embed(
    wanted,
    {
      onRead: (split, clip) => read.push(`${split}/${clip}`),
      onClips: (_, count, from) => (counts[from] += count),
      onEmbedded: (count) => (counts.embedded += count),
    },
    [two, three],
  );
  expect(new Set(read).size).toBe(clips);
  expect(read).toHaveLength(clips);
  expect(counts).toEqual({ computed: 3 * clips - wanted[0].clips, found: 0, embedded: clips });
  expect(await Promise.all([one, two, three].map(missingOf))).toEqual([0, 0, 0]);

  for (const work of await makeWorks(task, apart, [1, 2, 3])) await work.embed(wanted);
  const rows = await rowsIn(together);
  expect(Object.keys(rows)).toHaveLength(3 * wanted.length);
  expect(rows).toEqual(await rowsIn(apart));
});

it('leaves out another model that cannot embed a clip, and fails for its own', async () => {
  const folder = await folders();
  const task = await writeToneTask(join(folder, 'task'), { name: 'task' });
  const [sound, broken] = await makeWorks(task, join(folder, 'cache'), [1, 1e300]);
  const wanted = await sound.missingShards();
  const failed: TaskWork[] = [];
  const onOther = (work: TaskWork, error: unknown) => {
    failed.push(work);
    expect(String(error)).toMatch(/NaN or infinity/);
  };
  await sound.embed(wanted, { onOther }, [broken]);
  expect(failed).toEqual([broken]);
  expect(await missingOf(sound)).toBe(0);
  expect(await missingOf(broken)).toBe(wanted.length);
  await expect(broken.embed(wanted)).rejects.toThrow(/NaN or infinity/);
});
