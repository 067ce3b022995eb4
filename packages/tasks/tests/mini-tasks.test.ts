import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OptionError, TaskError } from '@hearken/core';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { readClip } from '../src/clips.node.js';
import { taskContentHash } from '../src/content-hash.node.js';
import { makeMiniTasks } from '../src/mini/make-mini-tasks.node.js';
import { openTask, openTasks } from '../src/open-task.node.js';
import { dataSplits } from '../src/splits.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

describe('makeMiniTasks', () => {
  let folder: string;
  let folders: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearken mini '));
    folders = await makeMiniTasks(folder, { seed: 3 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes four HEAR tasks whose clips can all be read', async () => {
    expect(folders.map((path) => basename(path))).toEqual([
      'mini_events-v1-seed3',
      'mini_pitch-v1-seed3',
      'mini_rhythm-v1-seed3',
      'mini_scenes-v1-seed3',
    ]);
    const tasks = await openTasks(folder);
    expect(tasks.map((task) => task.id)).toEqual(folders.map((path) => basename(path)));
    for (const task of tasks) {
      expect(dataSplits(task).length).toBe(task.metadata.splitMode === 'trainvaltest' ? 1 : 5);
      const ecg = task.metadata.modality === 'ecg';
      const sampleRate = task.sampleRates[0];
      for (const [split, clips] of task.splits) {
        for (const clip of clips) {
          const signal = await readClip(task, split, clip, { sampleRate, channels: ecg ? 12 : 1 });
          const peak = signal.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          expect(peak).toBeGreaterThan(0.05);
          expect(peak).toBeLessThan(ecg ? 10 : 1);
        }
      }
    }
  });

  it('has every label in every split of a scene task, and clips that differ', async () => {
    for (const task of await openTasks(folder)) {
      for (const clips of task.splits.values()) {
        const labels = clips.flatMap((clip) => [...clip.labels, ...clip.events.map((event) => event.label)]);
        expect(new Set(labels).size).toBe(task.labels.length);
      }
      const [first, second] = task.splits.get([...task.splits.keys()][0]) ?? [];
      const options = { sampleRate: task.sampleRates[0], channels: task.metadata.modality === 'ecg' ? 12 : 1 };
      const split = [...task.splits.keys()][0];
      expect(await readClip(task, split, first, options)).not.toEqual(await readClip(task, split, second, options));
    }
  });

  it('keeps events within their clips, and each label to one at a time', async () => {
    const task = await openTask(folders[0]);
    for (const clip of [...task.splits.values()].flat()) {
      for (const label of task.labels) {
        const events = clip.events.filter((event) => event.label === label);
        events.forEach((event, index) => {
          expect(event.end).toBeGreaterThan(event.start);
          expect(event.end).toBeLessThanOrEqual(4000);
          if (index > 0) expect(event.start).toBeGreaterThan(events[index - 1].end);
        });
      }
    }
  });

  it('makes the same bytes from the same seed, and others from another', async () => {
    const hashes = async (parent: string, seed: number, tasks?: string[]) => {
      const paths = await makeMiniTasks(parent, { seed, tasks });
      return Promise.all(paths.map(async (path) => taskContentHash(await openTask(path))));
    };
    const again = await hashes(await temporaryFolder(), 3);
    expect(again).toEqual(await hashes(folder, 3));
    const [other] = await hashes(await temporaryFolder(), 4, ['scenes']);
    expect(again).not.toContain(other);
  });

  it('leaves what is intact, makes again what is not, and touches nothing of others', async () => {
    const metadata = folders.map((path) => join(path, 'task_metadata.json'));
    const old = new Date(1_000_000_000_000);
    for (const path of metadata) await utimes(path, old, old);
    const before = await readFile(join(folders[3], '16000', 'fold00', 'fold00_rain_00.wav'));
    await writeFile(join(folders[3], '16000', 'fold00', 'fold00_rain_00.wav'), 'damaged');
    await rm(join(folders[1], '16000', 'test'), { recursive: true });
    await makeMiniTasks(folder, { seed: 3 });
    const kept = await Promise.all(metadata.map(async (path) => (await stat(path)).mtimeMs === old.getTime()));
    expect(kept).toEqual([true, false, true, false]);
    expect(await readFile(join(folders[3], '16000', 'fold00', 'fold00_rain_00.wav'))).toEqual(before);

    const other = await temporaryFolder();
    await expect(makeMiniTasks(other, { tasks: ['pich'] })).rejects.toThrow(/did you mean 'pitch'/);
    await mkdir(join(other, 'mini_pitch-v1-seed0'));
    await writeFile(join(other, 'mini_pitch-v1-seed0', 'thesis.txt'), 'mine');
    await expect(makeMiniTasks(other)).rejects.toThrow(TaskError);
    expect(await readFile(join(other, 'mini_pitch-v1-seed0', 'thesis.txt'), 'utf8')).toBe('mine');
  });

  it.each([-1, 0.5, NaN])('refuses seed %d', async (seed) => {
    await expect(makeMiniTasks(await temporaryFolder(), { seed })).rejects.toThrow(OptionError);
  });
});
