import { poolingOf } from '../embeddings/pooling.js';
import { taskKind } from '@hearken/tasks/internal';
import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { TaskError } from '@hearken/core';
import { fileSha256, readPlainText } from '@hearken/core/node';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import type { EvaluationInput } from '../evaluation/evaluation.js';
import { parseClips, parseMetadata, parseVocabulary } from '@hearken/tasks';
import { parseJson } from '@hearken/core/internal';
import { inClipOrder, type OrderedSplit } from './clip-order.js';
import { doneEmbeddings, splitFiles } from './embedding-files.js';
import { readSplit } from './read-split.node.js';

/** The JSON of a split with three million clips is about this large. */
const maximumPartBytes = 2 ** 28;

/** An embedding folder, ready to be scored. */
export interface EmbeddingFolder {
  readonly folder: string;
  readonly input: EvaluationInput;
  /** `taskName-version-mode` */
  readonly id: string;
  /** Values per embedding. */
  readonly size: number;
  /** SHA-256 over all files that a score depends on, in hexadecimal. */
  readonly contentHash: string;
  /** Whether the folder says that embedding was completed; the hidden file that says so may be lost in copies. */
  readonly done: boolean;
}

/**
 * Reads an embedding folder with heareval's layout, written by Hearken or heareval. No code in it is run: labels are
 * pickled, and read by an interpreter that only supports plain data. All embeddings are in memory afterwards.
 *
 * @throws TaskError naming the file that is missing, damaged, or inconsistent with another
 */
export async function readEmbeddingFolder(folder: string): Promise<EmbeddingFolder> {
  const metadataPath = join(folder, 'task_metadata.json');
  const { metadata, splits: names } = parseMetadata(await readPart(metadataPath), metadataPath);
  if (!taskKind(metadata).hasLabels) {
    throw new TaskError({
      asked: `embedding folder '${folder}'`,
      found: 'a regression task, whose labels are numbers',
      fix: "use 'hearken run' instead: heareval's folders only have labels from a vocabulary",
    });
  }
  const vocabularyPath = join(folder, 'labelvocabulary.csv');
  const labels = parseVocabulary(await readPart(vocabularyPath), vocabularyPath);
  const id = `${metadata.taskName}-${metadata.version}-${metadata.mode}`;
  const read = new Map<string, OrderedSplit>();
  for (const split of names) {
    const path = join(folder, `${split}.json`);
    const clips = parseClips(parseJson(await readPart(path), path), { task: id, split, metadata, labels });
    read.set(split, { split: await readSplit({ folder, split, metadata, labels, clips }), clips });
  }
  const splits = inClipOrder(read, labels);
  const size = sameSize(splits, folder);
  const files = names.flatMap((split) => {
    const { embeddings, dimensions, labels: pickle, timestamps } = splitFiles(split);
    return [
      `${split}.json`,
      embeddings,
      dimensions,
      pickle,
      ...(poolingOf(metadata).hasTimestamps ? [timestamps] : []),
    ];
  });
  return {
    folder,
    input: { metadata, labels, splits },
    id,
    size,
    contentHash: await contentHash(folder, ['task_metadata.json', 'labelvocabulary.csv', ...files]),
    done: await access(join(folder, doneEmbeddings)).then(
      () => true,
      () => false,
    ),
  };
}

/** The model of a folder's embeddings, according to its path: `<model>/<task>`. */
export function modelOfFolder(folder: string): string {
  return basename(resolve(folder, '..'));
}

function sameSize(splits: ReadonlyMap<string, EmbeddedSplit>, folder: string): number {
  const [[first, { size }], ...others] = [...splits];
  const other = others.find(([, split]) => split.size !== size);
  if (other === undefined) return size;
  throw new TaskError({
    asked: `embeddings of one size in '${folder}'`,
    found: `${size} in split '${first}', ${other[1].size} in '${other[0]}'`,
    fix: 'embed all splits with the same model',
  });
}

async function contentHash(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${await fileSha256(join(folder, file), { within: folder })} ${file}\n`);
  return hash.digest('hex');
}

function readPart(path: string): Promise<string> {
  return readPlainText(path, {
    maximumBytes: maximumPartBytes,
    within: dirname(path),
    refuse: ({ reason, found, fix, cause }) =>
      new TaskError({
        asked: `'${path}'`,
        found,
        fix: reason === 'missing' ? 'pass an embedding folder, which has a copy of it' : fix,
        cause,
      }),
  });
}
