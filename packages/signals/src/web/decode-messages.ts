import type { ErrorMessage } from '@hearken/core/remote';
import type { DecodedAudio } from '../audio/audio.js';
import type { CompressedFormat } from '../audio/compressed.js';
import type { DecodeLimits } from '../audio/decode-limits.js';

/** A file that the page asks its worker to decode. */
export interface DecodeRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: CompressedFormat;
  readonly name: string;
  /** What of the limits a message can carry. */
  readonly bounds: Omit<DecodeLimits, 'abortSignal' | 'onProgress'>;
}

/** What the worker answers: signs of life, and then samples, or why there are none. */
export type DecodeReport =
  | { readonly kind: 'progress' }
  | { readonly kind: 'done'; readonly audio: DecodedAudio }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

/** A worker's own side: what it hears and answers through. */
export interface DecodeScope {
  /** Hears what the page asks. */
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  /** Answers the page. */
  postMessage(message: unknown, options?: { transfer?: Transferable[] }): void;
}
