import { mkdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Embedder, HearkenError } from '@hearken/core';
import { checkOutput, createOutput, temporaryPath, writing } from '@hearken/core/node';
import { npyHeader } from '@hearken/signals/internal';

/** The files that `hearken embed` writes, each if it was asked for. */
export interface EmbedPaths {
  readonly out?: string;
  readonly timestampsOut?: string;
  readonly timestampEmbeddingsOut?: string;
}

/** The `.npy` files of embeddings, written as they arrive. They get their names when all are complete. */
export class EmbedOutputs implements EmbeddedOutput {
  #scenes: NpyAppender | undefined;
  #timestamps: NpyAppender | undefined;
  #timestampEmbeddings: NpyAppender | undefined;

  /** @throws FileError if one cannot be written */
  static async open(paths: EmbedPaths): Promise<EmbedOutputs> {
    const outputs = new EmbedOutputs(paths);
    const open = async (path: string | undefined) => (path === undefined ? undefined : NpyAppender.open(path));
    try {
      outputs.#scenes = await open(paths.out);
      outputs.#timestamps = await open(paths.timestampsOut);
      outputs.#timestampEmbeddings = await open(paths.timestampEmbeddingsOut);
    } catch (cause) {
      await outputs.discard();
      throw cause;
    }
    return outputs;
  }

  private constructor(private readonly paths: EmbedPaths) {}

  async scenes(embeddings: Float32Array): Promise<void> {
    await this.#scenes?.append(embeddings);
  }

  async timestamps(timestamps: Float32Array, embeddings: Float32Array): Promise<void> {
    await this.#timestamps?.append(timestamps);
    await this.#timestampEmbeddings?.append(embeddings);
  }

  /**
   * Gives the files their names.
   *
   * @param told called with a line about each file
   */
  async finish(
    { count, timestampCount }: { readonly count: number; readonly timestampCount: number },
    { sceneEmbeddingSize, timestampEmbeddingSize }: Embedder,
    told: NodeJS.WritableStream,
  ): Promise<void> {
    const finish = async (npy: NpyAppender | undefined, path: string | undefined, shape: readonly number[]) => {
      if (npy === undefined) return;
      await npy.finish(shape);
      told.write(`${path}: float32 [${shape.join(', ')}]\n`);
    };
    const { out, timestampsOut, timestampEmbeddingsOut } = this.paths;
    await finish(this.#scenes, out, [count, sceneEmbeddingSize]);
    await finish(this.#timestamps, timestampsOut, [count, timestampCount]);
    const shape = [count, timestampCount, timestampEmbeddingSize];
    await finish(this.#timestampEmbeddings, timestampEmbeddingsOut, shape);
  }

  /** Removes unfinished files. */
  async discard(): Promise<void> {
    for (const npy of [this.#scenes, this.#timestamps, this.#timestampEmbeddings]) await npy?.discard();
  }
}

/** Room for the header of any shape that is written here: `npyHeader` pads it. */
const headerBytes = 128;

/**
 * A float32 `.npy` file that is written before its number of values is known. It gets its name when it is finished;
 * until then, no file of that name exists.
 */
export class NpyAppender {
  #position = headerBytes;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly file: FileHandle,
  ) {}

  /** @throws FileError if it cannot be written */
  static async open(path: string): Promise<NpyAppender> {
    const temporary = temporaryPath(path);
    return writing(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      await checkOutput(path);
      return new NpyAppender(path, temporary, await createOutput(temporary));
    });
  }

  /** @throws FileError if they cannot be written, for example on a full disk */
  async append(values: Float32Array): Promise<void> {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < values.length; index += 1) view.setFloat32(index * 4, values[index], true);
    await this.#write(bytes, this.#position);
    this.#position += bytes.length;
  }

  /**
   * Writes the header in front of the values, and gives the file its name.
   *
   * @param shape its product is the number of values
   */
  async finish(shape: readonly number[]): Promise<void> {
    await this.#write(npyHeader(shape), 0);
    await writing(this.path, async () => {
      await this.file.sync();
      await this.file.close();
      await checkOutput(this.path);
      await rename(this.temporary, this.path);
    });
  }

  /** Removes the unfinished file; does nothing after `finish`. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await rm(this.temporary, { force: true });
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    await writing(this.path, async () => {
      for (let offset = 0; offset < bytes.length;) {
        offset += (await this.file.write(bytes, offset, bytes.length - offset, position + offset)).bytesWritten;
      }
    });
  }
}

/** How to embed files. */
export interface EmbedFilesOptions {
  /** Sample rate in Hz of files that do not have one: `.npy`, CSV without a time column. */
  readonly sampleRate?: number;
  /** Sample rate in Hz that every ECG record must have; see `findRecordRate`. */
  readonly recordRate?: number;
  readonly scenes: boolean;
  readonly timestamps: boolean;
  /**
   * Called with each unreadable file, which is then skipped; if undefined, such a file is an error. A long recording
   * that turns out to be damaged while it is embedded is always an error.
   */
  readonly onUnreadable?: (path: string, error: HearkenError) => void;
  readonly abortSignal?: AbortSignal;
  /** Called after every batch with the number of finished signals. */
  readonly onProgress?: (done: number) => void;
  /** Called with notes on what had to be corrected or assumed in a file, in whole sentences. */
  readonly onWarning?: (path: string, warning: string) => void;
}

/** Receives embeddings signal by signal in the order of the files; those of a long one in parts. */
export interface EmbeddedOutput {
  /** @param embeddings one or more, of `sceneEmbeddingSize` values */
  scenes(embeddings: Float32Array): Promise<void>;
  /**
   * @param timestamps window centres in ms
   * @param embeddings one per timestamp, of `timestampEmbeddingSize` values
   */
  timestamps(timestamps: Float32Array, embeddings: Float32Array): Promise<void>;
}
