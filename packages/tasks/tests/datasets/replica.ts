import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeWav, writeNpy } from '@hearken/signals';
import { datasetByName } from '../../src/datasets/registry.js';
import { makeTasks, type MadeTask, type MakeTasksOptions } from '../../src/datasets/make-tasks.node.js';
import { metricByName } from '@hearken/metrics';
import { readTaskFolder } from '../../src/read-task-folder.node.js';
import type { Task } from '../../src/task.js';

/** Files of a made-up download, by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function writeReplica(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** A WAV that rises from 0 to `top` over its length: each sample tells its place. */
export function ramp(rate: number, seconds: number, top = 0.5): Uint8Array {
  const samples = Math.round(rate * seconds);
  return encodeWav(
    Float32Array.from({ length: samples }, (_, index) => (top * index) / samples),
    rate,
  );
}

/** Header and data of a 12-lead WFDB record in which lead `l` is `l / 10` mV, its leads called as PTB-XL does. */
export function wfdbRecord(path: string, rate: number, seconds: number): Files {
  const leads = ['I', 'II', 'III', 'AVR', 'AVL', 'AVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
  const name = path.slice(path.lastIndexOf('/') + 1);
  const samples = rate * seconds;
  const counts = Int16Array.from({ length: samples * 12 }, (_, index) => 100 * (index % 12));
  const checksum = (lead: number) => ((100 * lead * samples) << 16) >> 16;
  const lines = leads.map(
    (lead, index) => `${name}.dat 16 1000.0(0)/mV 16 0 ${100 * index} ${checksum(index)} 0 ${lead}`,
  );
  return {
    [`${path}.hea`]: `${name} 12 ${rate} ${samples}\n${lines.join('\n')}\n`,
    [`${path}.dat`]: new Uint8Array(counts.buffer),
  };
}

/** A 12-lead `.npy` of `samples` samples. */
export function npyRecord(samples: number): Uint8Array {
  return writeNpy(
    Float32Array.from({ length: 12 * samples }, (_, index) => Math.sin(index)),
    [12, samples],
  );
}

/** What a conversion came to: the tasks by name, and what was said. */
export interface Conversion {
  readonly made: readonly MadeTask[];
  readonly warnings: readonly string[];
  /** Reads a task that was made. */
  readonly task: (name: string) => Promise<Task>;
  /** Rows of its `clips.csv`. */
  readonly rows: (name: string) => Promise<Record<string, string>[]>;
}

/** Writes a replica into `root/source` and converts it to `root/tasks`. */
export async function convert(
  dataset: string,
  root: string,
  files: Files,
  options: Partial<MakeTasksOptions> = {},
): Promise<Conversion> {
  await writeReplica(join(root, 'source'), files);
  const warnings: string[] = [];
  const out = join(root, 'tasks');
  const made = await makeTasks(datasetByName(dataset), {
    source: join(root, 'source'),
    out,
    onWarning: (text) => warnings.push(text),
    ...options,
  });
  const folder = (name: string) => join(out, `${name}-v1-full`);
  // Whatever is made can be read and scored.
  for (const one of made) {
    const { metadata } = await readTaskFolder(one.folder);
    metadata.evaluation.forEach((metric) => metricByName(metric));
  }
  return {
    made,
    warnings,
    task: (name) => readTaskFolder(folder(name)),
    rows: async (name) => {
      const [head, ...lines] = (await readFile(join(folder(name), 'clips.csv'), 'utf8')).trimEnd().split('\n');
      const columns = head.split(',');
      return lines.map((line) => {
        const cells = line.split(',');
        return Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
      });
    },
  };
}

/** Names in a folder; none where it is missing. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

/** Labels of each clip of a split. */
export function labelsBy(task: Task, split: string): Record<string, readonly string[]> {
  return Object.fromEntries((task.splits.get(split) ?? []).map(({ name, labels }) => [name, labels]));
}
