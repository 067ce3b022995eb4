import type { Pooling } from '../embeddings/pooling.js';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileError } from '@hearken/core';
import { readPlainFile, readPlainText, writeFileAtomic } from '@hearken/core/node';
import { parseBoundedJson } from '@hearken/core/internal';
import { readNpy, writeNpy } from '@hearken/signals';
import type { Clip } from '@hearken/tasks';
import { coversTime } from '../kinds/event.js';
import { clipFiles } from './embedding-files.js';
import { pythonJson } from './python-json.js';

/** heareval's files of single clips are never larger. */
const maximumBytes = 2 ** 30;

/** The embeddings of one clip, in the form that the task needs. */
export interface ClipEmbedding {
  /** Float32 `[size]` for scenes, `[timestamps, size]` for events. */
  readonly data: Float32Array;
  readonly size: number;
  /** Event tasks: window centres in ms. */
  readonly timestamps?: Float32Array;
}

/**
 * Writes a clip's files, each by renaming it when it is complete: several processes may write the same clip. Its
 * embedding is written last, so that it only exists if all files do.
 */
export async function writeClipFiles(folder: string, clip: Clip, embedding: ClipEmbedding): Promise<void> {
  const { data, size, timestamps } = embedding;
  const files = clipFiles(clip.name);
  const rows = labelsOfRows(clip, timestamps);
  const write = (name: string, content: string | Uint8Array) =>
    writeFileAtomic(join(folder, name), content, { flush: false });
  if (timestamps === undefined) {
    await write(files.labels, pythonJson(rows[0]));
  } else {
    await write(files.labels, pythonJson(rows, 4));
    await write(files.timestamps, pythonJson([...timestamps]));
  }
  const shape = timestamps === undefined ? [size] : [timestamps.length, size];
  await write(files.embedding, writeNpy(data, shape));
}

/**
 * The labels of a clip's rows: for a scene, the clip's labels; for each timestamp `t`, those of the events with `start
 * <= t < end + 0.0001` ms, each once, in the order of the events.
 */
export function labelsOfRows(clip: Clip, timestamps: Float32Array | undefined): (readonly string[])[] {
  if (timestamps === undefined) return [clip.labels];
  return Array.from(timestamps, (time) => [
    ...new Set(clip.events.filter((event) => coversTime(event, time)).map(({ label }) => label)),
  ]);
}

/**
 * Reads a clip's files.
 *
 * @throws FileError if they are damaged, or of another size or kind than expected
 */
export async function readClipFiles(
  folder: string,
  clip: Clip,
  { hasTimestamps }: Pick<Pooling, 'hasTimestamps'>,
  size: number,
): Promise<ClipEmbedding> {
  const files = clipFiles(clip.name);
  const path = join(folder, files.embedding);
  const { data, shape } = readNpy(await readPlainFile(path, { maximumBytes }), path);
  const fits = shape.length === (hasTimestamps ? 2 : 1) && shape[shape.length - 1] === size;
  const timestamps = hasTimestamps ? await readTimestamps(join(folder, files.timestamps)) : undefined;
  if (fits && (timestamps === undefined || timestamps.length === shape[0])) {
    return { data, size, ...(timestamps === undefined ? {} : { timestamps }) };
  }
  throw new FileError({
    asked: `embedding '${path}' of size ${size}`,
    found: `shape [${shape.join(', ')}]${timestamps === undefined ? '' : ` and ${timestamps.length} timestamps`}`,
    fix: 'embed the task again, with --force',
  });
}

async function readTimestamps(path: string): Promise<Float32Array> {
  const values = parseBoundedJson(await readPlainText(path, { maximumBytes }));
  if (Array.isArray(values) && values.every((value) => typeof value === 'number')) return Float32Array.from(values);
  throw new FileError({ asked: `timestamps '${path}'`, found: 'not a list of numbers', fix: 'embed the task again' });
}

/** Names of the clips that have an embedding. */
export async function embeddedClips(folder: string, clips: readonly Clip[]): Promise<ReadonlySet<string>> {
  const listings = new Map<string, ReadonlySet<string>>();
  const done = new Set<string>();
  for (const { name } of clips) {
    const path = join(folder, clipFiles(name).embedding);
    const parent = dirname(path);
    let files = listings.get(parent);
    if (files === undefined) {
      const entries = await readdir(parent).catch(() => []);
      files = new Set(entries.map((entry) => join(parent, entry)));
      listings.set(parent, files);
    }
    if (files.has(path)) done.add(name);
  }
  return done;
}
