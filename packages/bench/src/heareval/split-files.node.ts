import type { Pooling } from '../embeddings/pooling.js';
import { rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOutput, createOutput, temporaryPath, writeFileAtomic, writing } from '@hearken/core/node';
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
  /** Called when the files are complete and before they get their names; if it throws, they are removed. */
  readonly beforeNaming: () => Promise<void>;
}

/**
 * Joins the clips' files into those of their split, on which heareval trains: raw embeddings, their dimensions, labels
 * and, for events, timestamps. One clip is in memory at a time. The files get their names when all are complete.
 *
 * @returns number of rows
 */
export async function writeSplitFiles(options: SplitFilesOptions): Promise<number> {
  const { folder, calledFolder, split, pooling, size, clips } = options;
  const files = splitFiles(split);
  const opened: GrowingFile[] = [];
  const create = async (name: string) => {
    const file = await GrowingFile.create(join(folder, name));
    opened.push(file);
    return file;
  };
  const pickle = new PickledRows();
  let rows = 0;
  try {
    const embeddings = await create(files.embeddings);
    const labels = await create(files.labels);
    const timestamps = pooling.hasTimestamps ? await create(files.timestamps) : undefined;
    await labels.append(pickle.begin());
    for (const clip of clips) {
      const { data, timestamps: times } = await readClipFiles(join(folder, split), clip, pooling, size);
      await embeddings.append(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      const labelled = labelsOfRows(clip, times);
      await labels.append(pickle.rows(labelled));
      const slug = `${calledFolder.replaceAll('\\', '/')}/${split}/${clip.name}`;
      await timestamps?.append(timestampLines(slug, times!, rows === 0));
      rows += labelled.length;
    }
    await labels.append(pickle.end());
    await timestamps?.append(rows === 0 ? '[]' : '\n]');
    await options.beforeNaming();
    for (const file of opened) await file.finish();
  } finally {
    for (const file of opened) await file.discard();
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

/** A file that grows at its end, under a temporary name until it is complete. */
class GrowingFile {
  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly file: FileHandle,
  ) {}

  static create(path: string): Promise<GrowingFile> {
    return writing(path, async () => {
      await checkOutput(path);
      const temporary = temporaryPath(path);
      return new GrowingFile(path, temporary, await createOutput(temporary));
    });
  }

  async append(content: string | Uint8Array): Promise<void> {
    await writing(this.path, () => this.file.appendFile(content));
  }

  /** Gives it its name. */
  async finish(): Promise<void> {
    await writing(this.path, async () => {
      await this.file.close();
      await checkOutput(this.path);
      await rename(this.temporary, this.path);
    });
  }

  /** Removes it, unless it has its name. */
  async discard(): Promise<void> {
    await this.file.close();
    await rm(this.temporary, { force: true });
  }
}
