import {
  EmbedderError,
  firstNonFinite,
  HearkenError,
  SignalError,
  sliceBatch,
  type Embedder,
  type Plugin,
} from '@hearken/core';
import type { Clip, Task } from '@hearken/tasks';
import type { LabelledBatch } from './signal-batches.js';

/** Consecutive clips of one length. */
type ClipBatch = LabelledBatch<Clip>;

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

/**
 * Embeds a batch of clips as the task wants it: one row a clip for scenes, one row a timestamp for events.
 *
 * @throws SignalError or EmbedderError naming the clip
 */
export async function embedBatch(
  task: Pick<Task, 'id' | 'metadata'>,
  split: string,
  batch: ClipBatch,
  model: EmbeddingModel,
  abortSignal?: AbortSignal,
): Promise<EmbeddedRows> {
  const embed = task.metadata.embeddingType === 'scene' ? embedScenes : embedTimestamps;
  try {
    return await embed(batch, model, abortSignal);
  } catch (cause) {
    if (!(cause instanceof HearkenError)) throw cause;
    const { items: clips, signals } = batch;
    const asked = (name: string) => `clip '${name}' of task '${task.id}', split '${split}'`;
    // The batch as a whole failed: each clip on its own shows which one it was.
    for (let index = 0; index < clips.length && clips.length > 1; index += 1) {
      const alone = { items: [clips[index]], signals: sliceBatch(signals, index, index + 1) };
      await embed(alone, model, abortSignal).catch((error: unknown) => {
        throw named(asked(clips[index].name), error);
      });
    }
    const more = clips.length > 1 ? ` and the ${clips.length - 1} after it` : '';
    throw named(`${asked(clips[0].name)}${more}`, cause);
  }
}

type Embed = (batch: ClipBatch, model: EmbeddingModel, abortSignal?: AbortSignal) => Promise<EmbeddedRows>;

const embedScenes: Embed = async ({ items: clips, signals }, { plugin, embedder }, abortSignal) => {
  const { data } = await plugin.getSceneEmbeddings(signals, embedder, { abortSignal });
  checkRows(data, clips.length * embedder.sceneEmbeddingSize);
  return { data, rowsPerClip: clips.map(() => 1) };
};

const embedTimestamps: Embed = async ({ items: clips, signals }, { plugin, embedder }, abortSignal) => {
  const answer = await plugin.getTimestampEmbeddings(signals, embedder, { abortSignal });
  const { data, timestamps, timestampCount } = answer;
  checkRows(data, clips.length * timestampCount * embedder.timestampEmbeddingSize);
  checkRows(timestamps, clips.length * timestampCount);
  return { data, timestamps, rowsPerClip: clips.map(() => timestampCount) };
};

/** A plugin may bring its own functions, which check less than core's do. */
function checkRows(values: Float32Array, expected: number): void {
  if (values.length === expected && firstNonFinite(values) < 0) return;
  throw new EmbedderError({
    asked: 'its embedding',
    found: values.length === expected ? 'NaN or infinity' : `${values.length} values instead of ${expected}`,
    fix: 'check the checkpoint and the plugin',
  });
}

function named(asked: string, cause: unknown): unknown {
  if (!(cause instanceof HearkenError)) return cause;
  const Kind = cause instanceof SignalError ? SignalError : EmbedderError;
  return new Kind({ asked, found: `${cause.asked}: ${cause.found}`, fix: cause.fix, cause });
}
