import type { Pooling } from '../embeddings/pooling.js';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { openOutput, writeFileAtomic, writing } from '@hearken/core/node';
import { RowFile } from '../files/row-file.node.js';
import type { Clip } from '@hearken/tasks';
import { labelsOfRows, readClipFiles } from './clip-files.node.js';
import { splitFiles } from './embedding-files.js';
import { PickledRows } from './pickle-writer.js';
import { pythonJson } from './python-json.js';

export interface SplitFilesOptions {
  /** The task's embedding folder. */
  readonly folder: string;
  /** That folder's name in heareval's `filename-timestamps.json`: as the user wrote it. */
  readonly calledFolder: string;
  readonly split: string;
  /** What each clip's rows are. */
  readonly pooling: Pooling;
  readonly size: number;
  /** In the order in which their rows are written. */
  readonly clips: readonly Clip[];
}

/**
 * Joins the clips' files into those of their split, on which heareval trains: raw embeddings, their dimensions, labels
 * and, for events, timestamps. One clip is in memory at a time.
 *
 * @returns number of rows
 */
export async function writeSplitFiles(options: SplitFilesOptions): Promise<number> {
  const { folder, calledFolder, split, pooling, size, clips } = options;
  const files = splitFiles(split);
  const embeddings = await RowFile.open(join(folder, files.embeddings), 0);
  const labels = await TextFile.create(join(folder, files.labels));
  const timestamps = pooling.hasTimestamps ? await TextFile.create(join(folder, files.timestamps)) : undefined;
  const pickle = new PickledRows();
  let rows = 0;
  try {
    await labels.append(pickle.begin());
    for (const clip of clips) {
      const embedding = await readClipFiles(join(folder, split), clip, pooling, size);
      await embeddings.append(embedding.data);
      const labelled = labelsOfRows(clip, embedding.timestamps);
      await labels.append(pickle.rows(labelled));
      const slug = `${calledFolder.replaceAll('\\', '/')}/${split}/${clip.name}`;
      await timestamps?.append(timestampLines(slug, embedding.timestamps!, rows === 0));
      rows += labelled.length;
    }
    await labels.append(pickle.end());
    await timestamps?.append(rows === 0 ? '[]' : '\n]');
  } finally {
    await embeddings.close();
    await labels.close();
    await timestamps?.close();
  }
  await writeFileAtomic(join(folder, files.dimensions), `[${rows}, ${size}]`);
  return rows;
}

/** One clip's part of `filename-timestamps.json`, which is a list of `[file, timestamp]` with an indent of 4. */
function timestampLines(slug: string, timestamps: Float32Array, first: boolean): string {
  const file = pythonJson(slug);
  const entries = Array.from(timestamps, (time) => `    [\n        ${file},\n        ${pythonJson(time)}\n    ]`);
  if (entries.length === 0) return '';
  return `${first ? '[' : ','}\n${entries.join(',\n')}`;
}

/** A file that grows at its end. */
class TextFile {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static create(path: string): Promise<TextFile> {
    return writing(path, async () => {
      const file = await openOutput(path);
      await file.truncate(0);
      return new TextFile(path, file);
    });
  }

  async append(content: string | Uint8Array): Promise<void> {
    await writing(this.path, () => this.file.appendFile(content));
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
