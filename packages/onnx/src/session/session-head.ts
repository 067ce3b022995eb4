import type { ClassificationHead, Embedder, HeadCrops } from '@hearken/core';

/** A head with a session of its own. */
export interface SessionHead extends ClassificationHead {
  /** Frees its session. */
  dispose(): Promise<void>;
}

/** A checkpoint's head, or what it has instead. */
export interface SessionHeadParts {
  /** The head. */
  readonly head?: SessionHead;
  /** What the checkpoint has instead, for errors. */
  readonly noHead?: string;
}

/**
 * The head of a model whose logits are computed like embeddings: with the same windows, padding and preprocessing.
 *
 * @param description the labels
 * @param embedder embeds signals as their logits
 * @param options whether its timestamp embeddings are logits too, and how crops are answered
 */
export function sessionHead(
  description: Pick<ClassificationHead, 'labels' | 'kind'>,
  embedder: Pick<Embedder, 'embedScenes' | 'embedTimestamps' | 'sceneEmbeddingSize' | 'dispose'>,
  options: {
    /** Whether the embedder's timestamp embeddings are logits too. */
    readonly timestamps: boolean;
    /** How crops are answered, if the model prepares signals as a whole. */
    readonly crops?: HeadCrops;
  },
): SessionHead {
  return {
    ...description,
    size: embedder.sceneEmbeddingSize,
    classifyScenes: (signals, embedOptions) => embedder.embedScenes(signals, embedOptions),
    ...(options.timestamps
      ? { classifyTimestamps: (signals, embedOptions) => embedder.embedTimestamps(signals, embedOptions) }
      : {}),
    ...(options.crops === undefined ? {} : { crops: options.crops }),
    dispose: () => embedder.dispose(),
  };
}
