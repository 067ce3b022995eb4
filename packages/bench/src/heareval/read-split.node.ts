import { poolingOf } from '../embeddings/pooling.js';
import { probeOutput } from '../probes/outputs/registry.js';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CheckpointError, didYouMean, firstNonFinite, TaskError } from '@hearken/core';
import { readPlainPickle } from '@hearken/onnx';
import { openPlainFile, type PlainFile, readPlainFile, type UnreadableFile } from '@hearken/core/node';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import { parseJson } from '@hearken/core/internal';
import type { Clip, TaskMetadata } from '@hearken/tasks';
import { splitFiles } from './embedding-files.js';
import { assignRows } from './row-clips.js';

/** Larger files of labels and timestamps are refused: heareval's largest task has a tenth of it. */
const maximumTextBytes = 2 ** 29;
/** Maximum size of a split's embeddings in memory: the limit of a typed array. */
const maximumEmbeddingBytes = 2 ** 33;

export interface SplitToRead {
  /** The embedding folder. */
  readonly folder: string;
  readonly split: string;
  readonly metadata: Pick<TaskMetadata, 'embeddingType' | 'predictionType'>;
  readonly labels: readonly string[];
  /** From the split's JSON. */
  readonly clips: readonly Clip[];
}

/**
 * Reads a split of an embedding folder, written by heareval or Hearken. All files are checked against each other.
 *
 * @throws TaskError naming the file that is missing, damaged, or inconsistent with another
 */
export async function readSplit(wanted: SplitToRead): Promise<EmbeddedSplit> {
  const { folder, split, metadata, labels, clips } = wanted;
  const files = splitFiles(split);
  const { rows, size } = await readDimensions(folder, split);
  const embeddings = await readEmbeddings(join(folder, files.embeddings), rows, size);
  const targets = await readTargets(join(folder, files.labels), { rows, labels, metadata });
  const shared = { embeddings, count: rows, size, targets };
  if (!poolingOf(metadata).hasTimestamps) {
    if (rows !== clips.length) {
      throw fault(`${files.dimensions} of '${folder}'`, `${rows} rows for ${clips.length} clips in ${split}.json`);
    }
    // heareval does not say which clip a row belongs to.
    const clipNames = Array.from({ length: rows }, (_, row) => `${split} row ${row}`);
    return { ...shared, clipNames, clipOf: Uint32Array.from(clipNames.keys()) };
  }
  const path = join(folder, files.timestamps);
  const stamped = parseJson(await readText(path), path);
  const { clipOf, timestamps } = assignRows(stamped, clips, rows, path);
  const events = clips.map((clip) => clip.events);
  return { ...shared, clipNames: clips.map(({ name }) => name), clipOf, timestamps, events };
}

/** Rows and values per row, according to `<split>.embedding-dimensions.json`. */
export async function readDimensions(folder: string, split: string): Promise<{ rows: number; size: number }> {
  const path = join(folder, splitFiles(split).dimensions);
  const value = parseJson(await readText(path), path);
  const [rows, size] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  if (!isCount(rows) || !isCount(size) || !Number.isSafeInteger(rows * size * 4)) {
    throw fault(
      `dimensions '${path}'`,
      JSON.stringify(value).slice(0, 80),
      'write [rows, values per row], both at least 1',
    );
  }
  return { rows, size };
}

async function readEmbeddings(path: string, rows: number, size: number): Promise<Float32Array> {
  const bytes = rows * size * 4;
  const { handle, size: found } = await openPart(path);
  const embeddings = await (async () => {
    if (found !== bytes) {
      const header =
        found - bytes === 128 || found - bytes === 80 ? '; heareval writes raw values without a NumPy header' : '';
      throw fault(`embeddings '${path}' of [${rows}, ${size}]`, `${found} bytes instead of ${bytes}${header}`);
    }
    if (bytes > maximumEmbeddingBytes)
      throw fault(`embeddings '${path}'`, `${bytes} bytes, over ${maximumEmbeddingBytes}`);
    const values = new Float32Array(rows * size);
    await readInto(handle, path, new Uint8Array(values.buffer));
    return values;
  })().finally(() => handle.close());
  const offending = firstNonFinite(embeddings);
  if (offending < 0) return embeddings;
  throw fault(
    `embeddings '${path}'`,
    `${embeddings[offending]} in row ${Math.floor(offending / size)}, value ${offending % size}`,
    'check the model: no embedding may be NaN or infinite',
  );
}

async function readInto(file: FileHandle, path: string, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length;) {
    const { bytesRead } = await file.read(bytes, offset, Math.min(2 ** 28, bytes.length - offset), offset);
    if (bytesRead === 0) throw fault(`embeddings '${path}'`, `a file that ends after ${offset} bytes`);
    offset += bytesRead;
  }
}

interface TargetShape {
  readonly rows: number;
  readonly labels: readonly string[];
  readonly metadata: Pick<TaskMetadata, 'embeddingType' | 'predictionType'>;
}

/** The pickled list of each row's labels as `[rows, labels]`. */
async function readTargets(path: string, { rows, labels, metadata }: TargetShape): Promise<Uint8Array> {
  const asked = `labels '${path}'`;
  const pickled = plainValue(await readPart(path), path);
  if (!Array.isArray(pickled)) throw fault(asked, 'not a list', 'pickle a list with the list of labels of each row');
  if (pickled.length !== rows) throw fault(asked, `${pickled.length} entries for ${rows} embeddings`);
  const indices = new Map(labels.map((label, index) => [label, index]));
  const targets = new Uint8Array(rows * labels.length);
  // A frame may have any number of labels, whatever the prediction type.
  const single = probeOutput(metadata).isExclusive && !poolingOf(metadata).hasTimestamps;
  for (const [row, entry] of pickled.entries()) {
    if (!Array.isArray(entry)) throw fault(asked, `no list of labels in row ${row}`);
    if (single ? entry.length !== 1 : entry.length > 1_000_000) {
      throw fault(asked, `${entry.length} labels in row ${row} of a ${metadata.predictionType} task`);
    }
    for (const label of entry) {
      const text = typeof label === 'string' ? label : typeof label === 'number' ? String(label) : undefined;
      const index = text === undefined ? undefined : indices.get(text);
      if (index === undefined) {
        const shown =
          text === undefined ? `a label that is a ${typeof label}` : `label '${text}', which is not in the vocabulary`;
        throw fault(
          asked,
          `${shown}, in row ${row}`,
          `${didYouMean(text ?? '', labels)}use the labels of labelvocabulary.csv`,
        );
      }
      targets[row * labels.length + index] = 1;
    }
  }
  return targets;
}

function plainValue(bytes: Uint8Array, path: string): unknown {
  try {
    return readPlainPickle(bytes, `labels '${path}'`);
  } catch (cause) {
    if (!(cause instanceof CheckpointError)) throw cause;
    throw new TaskError({
      asked: cause.asked,
      found: cause.found,
      fix: 'only plain lists of text are supported: embed the task again',
      cause,
    });
  }
}

async function readText(path: string): Promise<string> {
  return (await readPart(path)).toString('utf8');
}

function readPart(path: string): Promise<Buffer> {
  return readPlainFile(path, { maximumBytes: maximumTextBytes, within: dirname(path), refuse: refusalOf(path) });
}

function openPart(path: string): Promise<PlainFile> {
  return openPlainFile(path, { within: dirname(path), refuse: refusalOf(path) });
}

function refusalOf(path: string): (why: UnreadableFile) => TaskError {
  const incomplete = 'the embedding folder is incomplete: embed the task again';
  return ({ reason, found, fix, cause }) =>
    new TaskError({ asked: `'${path}'`, found, fix: reason === 'missing' ? incomplete : fix, cause });
}

function fault(asked: string, found: string, fix = 'the embedding folder is damaged: embed the task again'): TaskError {
  return new TaskError({ asked, found, fix });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
