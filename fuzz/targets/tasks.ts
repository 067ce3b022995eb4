import { join } from 'node:path';
import { readEmbeddingFolder } from '../../packages/bench/src/heareval/read-embedding-folder.node.js';
import { parseCycles } from '../../packages/tasks/src/datasets/icbhi-files.js';
import { parseTable } from '../../packages/tasks/src/datasets/parse-table.js';
import { parseLabelMap } from '../../packages/tasks/src/label-map.js';
import { parseLabelNames } from '../../packages/tasks/src/label-names.js';
import { parseTextGrid } from '../../packages/tasks/src/datasets/text-grid.js';
import { openTasks } from '../../packages/tasks/src/open-task.node.js';
import { readClip } from '../../packages/tasks/src/clips.node.js';
import { type Target, UnsoundError } from '../engine/target.js';
import { singleFiles, wholeFolder } from './seed-files.js';
import { writeFiles } from './write-files.js';

const allowed = ['TaskError'];
const text = (files: Readonly<Record<string, Uint8Array>>) => {
  const [[name, bytes]] = Object.entries(files);
  return [Buffer.from(bytes).toString(), name] as const;
};

/** Readers of tasks, archives, label tables, and heareval's folders. */
export const taskTargets: readonly Target[] = [
  {
    name: 'task-folder',
    allowed: ['TaskError', 'AudioError', 'FileError'],
    seeds: () => Promise.all([wholeFolder('task-scene'), wholeFolder('task-event')]),
    async run(files, context) {
      const folder = await context.folder();
      await writeFiles(folder, files);
      const tasks = await openTasks(folder);
      for (const task of tasks) {
        const [split] = task.splits.keys();
        const clip = task.splits.get(split)?.[0];
        if (clip !== undefined) await readClip(task, split, clip, { sampleRate: task.sampleRates[0], channels: 1 });
      }
    },
  },
  {
    ...{
      name: 'archive',
      allowed,
      seeds: () => singleFiles({ own: 'archives', shared: ['faults/attack/inputs'] }, /\.(?:tar|tar\.gz|tgz)$/i),
    },
    async run(files, context) {
      const folder = await context.folder();
      await writeFiles(folder, files);
      const limits = { maximumBytes: 2 ** 24, maximumEntries: 1000, cacheFolder: join(folder, 'cache') };
      await openTasks(join(folder, Object.keys(files)[0]), limits);
    },
  },
  {
    ...{ name: 'label-map', allowed, seeds: () => singleFiles({ own: 'labels' }, /label-map\.(?:csv|json)$/) },
    run(files) {
      const map = Object.entries(parseLabelMap(...text(files)));
      if (map.length === 0 || map.some(([, heads]) => heads.length === 0)) throw new UnsoundError('labels without any');
      return Promise.resolve();
    },
  },
  {
    ...{ name: 'label-names', allowed, seeds: () => singleFiles({ own: 'labels' }, /(?:lines|table|config)\.\w+$/) },
    run(files) {
      const names = parseLabelNames(...text(files));
      const isSound = names.length > 0 && new Set(names).size === names.length && !names.includes('');
      if (!isSound) throw new UnsoundError('names that are missing or not all different');
      return Promise.resolve();
    },
  },
  {
    ...{ name: 'embedding-folder', allowed },
    seeds: () => Promise.all([wholeFolder('embeddings-scene'), wholeFolder('embeddings-event')]),
    async run(files, context) {
      const folder = await context.folder();
      await writeFiles(folder, files);
      await readEmbeddingFolder(folder);
    },
  },
  {
    ...{
      name: 'table',
      allowed,
      seeds: () => singleFiles({ own: 'tables', shared: ['fixtures/files/annotations/csv'] }, /\.(?:csv|tsv)$/i),
    },
    run(files) {
      for (const row of parseTable(...text(files)).rows) row.get('file');
      return Promise.resolve();
    },
  },
  {
    ...{
      name: 'text-grid',
      allowed,
      seeds: () => singleFiles({ own: 'tables', shared: ['fixtures/files/annotations/textgrid'] }, /\.textgrid$/i),
    },
    run(files) {
      parseTextGrid(...text(files));
      return Promise.resolve();
    },
  },
  {
    ...{
      name: 'icbhi-cycles',
      allowed,
      seeds: () => singleFiles({ own: 'tables', shared: ['fixtures/files/annotations/icbhi'] }, /\.txt$/i),
    },
    run(files) {
      parseCycles(...text(files));
      return Promise.resolve();
    },
  },
];
