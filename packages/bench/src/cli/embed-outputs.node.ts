import type { Embedder } from '@hearken/core';
import { NpyAppender } from './embed-npy-appender.node.js';
import type { EmbeddedOutput } from './embedded-output.js';

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
