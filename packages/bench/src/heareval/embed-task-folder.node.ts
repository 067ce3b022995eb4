import { poolingOf } from '../embeddings/pooling.js';
import { taskKind } from '@hearken/tasks/internal';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TaskError, type Embedder, type Plugin } from '@hearken/core';
import {
  makeFolder,
  openPlainFile,
  readPlainText,
  removeLeftovers,
  writeFileAtomic,
  writeFileInPlace,
} from '@hearken/core/node';
import { embedBatch } from '../embeddings/embed-batch.js';
import { modelIdentity } from '@hearken/results/internal';
import { batchSignals, oneAhead, readInOrder } from '../embeddings/signal-batches.js';
import { chooseSampleRate, readClip, taskContentHash } from '@hearken/tasks/node';
import { isRecord, parseJson } from '@hearken/core/internal';
import { resample } from '@hearken/signals/onnx';
import type { Clip, Task } from '@hearken/tasks';
import { embeddedClips, writeClipFiles } from './clip-files.node.js';
import { claimFolder, type FolderClaim } from './claim-folder.node.js';
import { doneEmbeddings, profileFile } from './embedding-files.js';
import { PythonRandom } from './python-random.js';
import { readDimensions } from './read-split.node.js';
import { writeSplitFiles } from './split-files.node.js';

const maximumMetadataBytes = 2 ** 24;

export interface EmbedTaskFolderOptions {
  /** The task's embedding folder; created if missing. */
  readonly folder: string;
  /** Discard its contents. */
  readonly force?: boolean;
  /** Maximum number of values per batch. */
  readonly batchValues?: number;
  readonly abortSignal?: AbortSignal;
  readonly onProgress?: (progress: { readonly split: string; readonly done: number; readonly total: number }) => void;
}

export interface EmbeddedTaskFolder {
  readonly folder: string;
  readonly clips: number;
  /** Number of clips that were embedded before this call. */
  readonly reused: number;
  /** Number of rows by split. */
  readonly rows: ReadonlyMap<string, number>;
}

/**
 * Embeds a task into a folder with the layout of `heareval.embeddings.runner`: the same rows in the same order, and the
 * same file names and bytes (except for the pickles, whose content is equal but encoded differently). heareval and
 * `readEmbeddingFolder` can read it. Clips are streamed; an interrupted call continues after the last finished clip.
 * Several processes may embed the same task into the same folder: each embeds the clips that it finds missing.
 *
 * @throws FileError if the folder has embeddings of another model or task, or other files, unless `force` is set;
 *   TaskError, SignalError or EmbedderError naming the failing clip
 */
export async function embedTaskFolder(
  task: Task,
  model: { readonly plugin: Plugin; readonly embedder: Embedder },
  options: EmbedTaskFolderOptions,
): Promise<EmbeddedTaskFolder> {
  const { folder } = options;
  const { embedder } = model;
  if (!taskKind(task.metadata).hasLabels) {
    throw new TaskError({
      asked: `task '${task.id}' as an embedding folder`,
      found: 'a regression task, whose labels are numbers',
      fix: "use 'hearken run' instead: heareval's folders only have labels from a vocabulary",
    });
  }
  const sampleRate = chooseSampleRate(task, embedder.sampleRate);
  const origin = {
    model: modelIdentity(embedder.provenance),
    task: { id: task.id, contentHash: await taskContentHash(task, [sampleRate]) },
  };
  await makeFolder(folder);
  const claim = await claimFolder(folder, origin, options.force ?? false);
  const total = [...task.splits.values()].reduce((sum, clips) => sum + clips.length, 0);
  if (await exists(join(folder, doneEmbeddings))) {
    return { folder, clips: total, reused: total, rows: await finishedRows(task, folder) };
  }
  await copyDescription(task, folder);
  const start = performance.now();
  let done = 0;
  let reused = 0;
  for (const [split, clips] of task.splits) {
    // In a new folder there may be files of a run whose embeddings were removed while it wrote them.
    const known = claim.isNew ? new Set<string>() : await embeddedClips(join(folder, split), clips);
    reused += known.size;
    done += known.size;
    const remaining = clips.filter(({ name }) => !known.has(name));
    await embedClips(task, split, remaining, model, { ...options, claim }, (count) => {
      done += count;
      options.onProgress?.({ split, done, total });
    });
  }
  const rows = await joinSplits(task, embedder, folder, () => claim.check());
  await removeUnfinished(task, folder);
  await claim.check();
  await finish(folder, (performance.now() - start) / 1000);
  return { folder, clips: total, reused, rows };
}

async function finishedRows(task: Task, folder: string): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  for (const split of task.splits.keys()) rows.set(split, (await readDimensions(folder, split)).rows);
  return rows;
}

async function copyDescription(task: Task, folder: string): Promise<void> {
  const names = [
    'task_metadata.json',
    'labelvocabulary.csv',
    ...[...task.splits.keys()].map((split) => `${split}.json`),
  ];
  for (const name of names) {
    const { handle } = await openPlainFile(join(task.folder, name));
    try {
      await writeFileAtomic(join(folder, name), handle.createReadStream({ autoClose: false }));
    } finally {
      await handle.close();
    }
  }
}

async function embedClips(
  task: Task,
  split: string,
  clips: readonly Clip[],
  model: { readonly plugin: Plugin; readonly embedder: Embedder },
  options: EmbedTaskFolderOptions & { readonly claim: FolderClaim },
  onClips: (count: number) => void,
): Promise<void> {
  const { sampleRate, channels } = model.embedder;
  const size = poolingOf(task.metadata).size(model.embedder);
  const signals = readInOrder(clips, (clip) => readClip(task, split, clip, { sampleRate, channels, resample }));
  for await (const batch of oneAhead(batchSignals(signals, channels, options.batchValues))) {
    options.abortSignal?.throwIfAborted();
    const { data, timestamps, rowsPerClip } = await embedBatch(task, split, batch, model, options.abortSignal);
    await options.claim.check();
    let row = 0;
    for (const [index, clip] of batch.items.entries()) {
      const end = row + rowsPerClip[index];
      const times = timestamps === undefined ? {} : { timestamps: timestamps.subarray(row, end) };
      await writeClipFiles(join(options.folder, split), clip, {
        data: data.subarray(row * size, end * size),
        size,
        ...times,
      });
      row = end;
    }
    onClips(batch.items.length);
  }
}

/**
 * heareval shuffles the clips of all splits with one generator, in the order in which the metadata names the splits.
 */
async function joinSplits(
  task: Task,
  embedder: Embedder,
  folder: string,
  beforeNaming: () => Promise<void>,
): Promise<Map<string, number>> {
  const random = new PythonRandom(0);
  const rows = new Map<string, number>();
  for (const split of await splitOrder(task)) {
    const clips = [...task.splits.get(split)!];
    random.shuffle(clips);
    const pooling = poolingOf(task.metadata);
    const size = pooling.size(embedder);
    rows.set(split, await writeSplitFiles({ folder, calledFolder: folder, split, pooling, size, clips, beforeNaming }));
  }
  return rows;
}

async function splitOrder(task: Task): Promise<string[]> {
  const path = join(task.folder, 'task_metadata.json');
  const json = parseJson(await readPlainText(path, { maximumBytes: maximumMetadataBytes, within: task.folder }), path);
  const named = isRecord(json) && Array.isArray(json.splits) ? (json.splits as string[]) : [];
  return [...new Set([...named.filter((split) => task.splits.has(split)), ...task.splits.keys()])];
}

/** Removes the temporary files that killed processes left. */
async function removeUnfinished(task: Task, folder: string): Promise<void> {
  const folders = new Set([folder]);
  for (const [split, clips] of task.splits) {
    for (const { name } of clips) folders.add(dirname(join(folder, split, name)));
  }
  for (const one of folders) await removeLeftovers(one);
}

async function finish(folder: string, seconds: number): Promise<void> {
  const profile = { time_elapsed: seconds, gpu_max_mem: null, gpu_device_name: null };
  await writeFileAtomic(join(folder, profileFile), JSON.stringify(profile, undefined, 4));
  await writeFileInPlace(join(folder, doneEmbeddings), '');
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
