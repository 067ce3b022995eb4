import { EmbedderError, type Embedder, firstNonFinite, type Plugin, type SignalBatch } from '@hearken/core';
import type { TaskMetadata } from '@hearken/tasks';

/** The embeddings of some clips. */
export interface EmbeddedRows {
  /** Float32 `[rows, size]`. */
  readonly data: Float32Array;
  /** Rows of each clip. */
  readonly rowsPerClip: readonly number[];
  /** Event tasks: each row's window centre in ms. */
  readonly timestamps?: Float32Array;
}

/** An embedder and how its plugin calls it. */
export interface EmbeddingModel {
  readonly plugin: Pick<Plugin, 'getSceneEmbeddings' | 'getTimestampEmbeddings'>;
  readonly embedder: Embedder;
}

/** How clips become rows of embeddings: what differs between HEAR's two embedding types. */
export interface Pooling {
  /** Also the name of the rows in caches. */
  readonly name: TaskMetadata['embeddingType'];
  /** Whether a clip has a row for each timestamp, and not a single one. */
  readonly hasTimestamps: boolean;
  /** Values of a row. */
  size(embedder: Pick<Embedder, 'sceneEmbeddingSize' | 'timestampEmbeddingSize'>): number;
  /** @throws EmbedderError for rows that are not finite, or not as many as there should be */
  embed(signals: SignalBatch, clips: number, model: EmbeddingModel, abortSignal?: AbortSignal): Promise<EmbeddedRows>;
}

const scenes: Pooling = {
  name: 'scene',
  hasTimestamps: false,
  size: ({ sceneEmbeddingSize }) => sceneEmbeddingSize,
  async embed(signals, clips, { plugin, embedder }, abortSignal) {
    const { data } = await plugin.getSceneEmbeddings(signals, embedder, { abortSignal });
    checkRows(data, clips * embedder.sceneEmbeddingSize);
    return { data, rowsPerClip: new Array<number>(clips).fill(1) };
  },
};

const timestamps: Pooling = {
  name: 'event',
  hasTimestamps: true,
  size: ({ timestampEmbeddingSize }) => timestampEmbeddingSize,
  async embed(signals, clips, { plugin, embedder }, abortSignal) {
    const answer = await plugin.getTimestampEmbeddings(signals, embedder, { abortSignal });
    const { data, timestampCount } = answer;
    checkRows(data, clips * timestampCount * embedder.timestampEmbeddingSize);
    checkRows(answer.timestamps, clips * timestampCount);
    return { data, timestamps: answer.timestamps, rowsPerClip: new Array<number>(clips).fill(timestampCount) };
  },
};

const poolings: Readonly<Record<TaskMetadata['embeddingType'], Pooling>> = { scene: scenes, event: timestamps };

/** How the clips of a task become rows. */
export function poolingOf({ embeddingType }: Pick<TaskMetadata, 'embeddingType'>): Pooling {
  return poolings[embeddingType];
}

/** A plugin may bring its own functions, which check less than core's do. */
function checkRows(values: Float32Array, expected: number): void {
  if (values.length === expected && firstNonFinite(values) < 0) return;
  throw new EmbedderError({
    asked: 'its embedding',
    found: values.length === expected ? 'NaN or infinity' : `${values.length} values instead of ${expected}`,
    fix: 'check the checkpoint and the plugin',
  });
}
