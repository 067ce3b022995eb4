import type { ClassificationHead, SceneLogits, TimestampLogits } from '../classification-head.js';
import type { Embedder, SceneEmbeddings, TimestampEmbeddings } from '../embedder.js';
import type { ModelSource } from '../model-source.js';
import type { SignalBatch } from '../signals.js';
import type { SignalStretch, TimestampGrid, TimestampRange } from '../streaming/timestamp-streaming.js';
import type { ErrorMessage } from './error-message.js';

/** The common part of a `Worker`, a worker's global scope and a `MessagePort`. */
export interface MessageEnd {
  /** Sends a message to the other end; objects in `transfer` are moved instead of copied. */
  postMessage(message: unknown, options?: { transfer?: Transferable[] }): void;
  /** Listens to messages from the other end. */
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** An embedder without its functions. */
export type EmbedderDescription = Pick<
  Embedder,
  | 'sampleRate'
  | 'channels'
  | 'sceneEmbeddingSize'
  | 'timestampEmbeddingSize'
  | 'minimumSceneSamples'
  | 'minimumTimestampSamples'
  | 'provenance'
  | 'noHead'
> & {
  /** Present if it supports streaming. */
  readonly grid?: TimestampGrid;
  /** Present if it has a head. */
  readonly answers?: HeadDescription;
};

/** A head without its functions. */
export type HeadDescription = Pick<ClassificationHead, 'labels' | 'size' | 'kind'> & {
  /** Whether it also answers over time. */
  readonly timestamps: boolean;
};

/** A request to the worker. `id` numbers the calls. */
export type RemoteRequest =
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly plugin: string;
      readonly checkpoint?: ModelSource;
      readonly options: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'scenes' | 'timestamps' | 'scene-logits' | 'timestamp-logits';
      readonly id: number;
      readonly embedder: number;
      readonly signals: SignalBatch;
    }
  | {
      readonly kind: 'stretch';
      readonly id: number;
      readonly embedder: number;
      readonly stretch: SignalStretch;
      readonly range: TimestampRange;
    }
  | { readonly kind: 'dispose'; readonly id: number; readonly embedder: number }
  | { readonly kind: 'abort'; readonly id: number };

/** Its answer. */
export type RemoteReport =
  | {
      readonly kind: 'loaded';
      readonly id: number;
      readonly embedder: number;
      readonly description: EmbedderDescription;
    }
  | { readonly kind: 'download'; readonly id: number; readonly received: number; readonly total: number | undefined }
  | {
      readonly kind: 'embedded';
      readonly id: number;
      readonly embeddings: SceneEmbeddings | TimestampEmbeddings | SceneLogits | TimestampLogits;
      /** It may have changed, because a lost device is replaced. */
      readonly backend: string;
    }
  | {
      readonly kind: 'streamed';
      readonly id: number;
      readonly embeddings: Float32Array;
      readonly backend: string;
    }
  | { readonly kind: 'disposed'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorMessage };
