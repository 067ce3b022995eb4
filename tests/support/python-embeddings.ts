import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sceneMetadata } from './task-folder.js';

/** A pickle of lists of text in the very bytes of CPython's pickler, protocol 4. */
export function pythonPickle(rows: readonly (readonly string[])[]): Buffer {
  const text = (value: string) =>
    Buffer.concat([Buffer.of(0x8c, Buffer.byteLength(value)), Buffer.from(value), Buffer.of(0x94)]);
  const row = (labels: readonly string[]) => {
    const items = labels.map(text);
    if (items.length === 0) return Buffer.of(0x5d, 0x94);
    if (items.length === 1) return Buffer.concat([Buffer.of(0x5d, 0x94), items[0], Buffer.of(0x61)]);
    return Buffer.concat([Buffer.of(0x5d, 0x94, 0x28), ...items, Buffer.of(0x65)]);
  };
  const body = Buffer.concat([Buffer.of(0x5d, 0x94, 0x28), ...rows.map(row), Buffer.of(0x65, 0x2e)]);
  const frame = Buffer.alloc(8);
  frame.writeBigUInt64LE(BigInt(body.length));
  return Buffer.concat([Buffer.of(0x80, 4, 0x95), frame, body]);
}

/** Little-endian float32, as NumPy's memmap writes it on the machines that heareval runs on. */
export function rawFloats(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}

/** What to make wrong. */
export interface EmbeddingParts {
  readonly metadata?: Record<string, unknown>;
  /** Files that replace those of the folder; null leaves one out. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  /** Clips of each split. */
  readonly clips?: number;
}

const size = 3;
const frames = 4;

/** Two kinds of embedding that are easy to tell apart, slightly different for each row. */
function embedding(high: boolean, row: number): number[] {
  return [high ? 1 : -1, Math.sin(row), Math.cos(3 * row)];
}

async function writeFolder(folder: string, files: Record<string, string | Uint8Array>, parts: EmbeddingParts) {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries({ ...files, ...parts.files })) {
    if (content !== null) await writeFile(join(folder, name), content);
  }
  return folder;
}

/** An embedding folder of a scene task, with heareval's layout. */
export async function writePythonScenes(folder: string, parts: EmbeddingParts = {}): Promise<string> {
  const { clips = 12 } = parts;
  const files: Record<string, string | Uint8Array> = {
    'task_metadata.json': JSON.stringify({ ...sceneMetadata, ...parts.metadata }, undefined, 4),
    'labelvocabulary.csv': 'idx,label\n0,low\n1,high\n',
    '.done.embeddings': '',
  };
  for (const split of ['train', 'valid', 'test']) {
    const labels = Array.from({ length: clips }, (_, clip) => (clip % 2 === 1 ? 'high' : 'low'));
    files[`${split}.json`] = JSON.stringify(Object.fromEntries(labels.map((label, clip) => [`${clip}.wav`, [label]])));
    // heareval shuffles; any order that is the same in both files is one.
    const order = labels.map((_, clip) => (clip * 5) % clips);
    files[`${split}.embedding-dimensions.json`] = `[${clips}, ${size}]`;
    files[`${split}.embeddings.npy`] = rawFloats(order.flatMap((clip) => embedding(labels[clip] === 'high', clip)));
    files[`${split}.target-labels.pkl`] = pythonPickle(order.map((clip) => [labels[clip]]));
  }
  return writeFolder(folder, files, parts);
}

/** The same of an event task: four frames of 250 ms a clip, the middle two with an event. */
export async function writePythonEvents(folder: string, parts: EmbeddingParts = {}): Promise<string> {
  const { clips = 6 } = parts;
  const metadata = {
    ...sceneMetadata,
    embedding_type: 'event',
    prediction_type: 'multilabel',
    evaluation: ['event_onset_200ms_fms', 'segment_1s_er'],
    evaluation_params: { event_postprocessing_grid: { median_filter_ms: [0], min_duration: [0] } },
    ...parts.metadata,
  };
  const files: Record<string, string | Uint8Array> = {
    'task_metadata.json': JSON.stringify(metadata),
    'labelvocabulary.csv': 'idx,label\n0,low\n1,high\n',
    '.done.embeddings': '',
  };
  for (const split of ['train', 'valid', 'test']) {
    const names = Array.from({ length: clips }, (_, clip) => `${split}${clip}.wav`);
    const label = (clip: number) => (clip % 2 === 1 ? 'high' : 'low');
    const rows = names.flatMap((name, clip) =>
      Array.from({ length: frames }, (_, frame) => ({ name, clip, frame, on: frame === 1 || frame === 2 })),
    );
    files[`${split}.json`] = JSON.stringify(
      Object.fromEntries(names.map((name, clip) => [name, [{ start: 250, end: 500, label: label(clip) }]])),
    );
    files[`${split}.embedding-dimensions.json`] = JSON.stringify([rows.length, size]);
    files[`${split}.embeddings.npy`] = rawFloats(
      rows.flatMap(({ clip, on }) => (on ? embedding(clip % 2 === 1, clip) : [0, 5, 5])),
    );
    files[`${split}.target-labels.pkl`] = pythonPickle(rows.map(({ clip, on }) => (on ? [label(clip)] : [])));
    files[`${split}.filename-timestamps.json`] = JSON.stringify(
      rows.map(({ name, frame }) => [`embeddings/model/task/${split}/${name}`, 250 * frame]),
    );
  }
  return writeFolder(folder, files, parts);
}
