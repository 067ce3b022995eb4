import { EmbedderError, HearkenError, SignalError, sliceBatch } from '@hearken/core';
import type { Clip, Task } from '@hearken/tasks';
import { type EmbeddedRows, type EmbeddingModel, poolingOf } from './pooling.js';
import type { LabelledBatch } from './signal-batches.js';

/** Consecutive clips of the same length. */
type ClipBatch = LabelledBatch<Clip>;

/**
 * Embeds a batch of clips as the task needs it: one row per clip for scenes, one row per timestamp for events.
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
  const pooling = poolingOf(task.metadata);
  try {
    return await pooling.embed(batch.signals, batch.items.length, model, abortSignal);
  } catch (cause) {
    if (!(cause instanceof HearkenError)) throw cause;
    const { items: clips, signals } = batch;
    const asked = (name: string) => `clip '${name}' of task '${task.id}', split '${split}'`;
    // The batch failed as a whole: embedding each clip separately shows which one is at fault.
    for (let index = 0; index < clips.length && clips.length > 1; index += 1) {
      const alone = sliceBatch(signals, index, index + 1);
      await pooling.embed(alone, 1, model, abortSignal).catch((error: unknown) => {
        throw named(asked(clips[index].name), error);
      });
    }
    const more = clips.length > 1 ? ` and the ${clips.length - 1} after it` : '';
    throw named(`${asked(clips[0].name)}${more}`, cause);
  }
}

function named(asked: string, cause: unknown): unknown {
  if (!(cause instanceof HearkenError)) return cause;
  const Kind = cause instanceof SignalError ? SignalError : EmbedderError;
  return new Kind({ asked, found: `${cause.asked}: ${cause.found}`, fix: cause.fix, cause });
}
