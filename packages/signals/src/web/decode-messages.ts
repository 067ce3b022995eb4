import type { ErrorMessage } from '@hearken/core/remote';
import type { DecodedAudio } from '../audio/audio.js';
import type { CompressedFormat } from '../audio/compressed.js';
import type { DecodeLimits } from '../audio/decode-limits.js';

/** A page's request to its worker to decode a file. */
export interface DecodeRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: CompressedFormat;
  readonly name: string;
  /** The limits that a message can contain. */
  readonly bounds: Omit<DecodeLimits, 'abortSignal' | 'onProgress'>;
}

/** The worker's answers: signs of life, and then samples or an error. */
export type DecodeReport =
  | { readonly kind: 'progress' }
  | { readonly kind: 'done'; readonly audio: DecodedAudio }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

/** The worker's side of the connection. */
export interface DecodeScope {
  /** Listens to the page's requests. */
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  /** Answers the page. */
  postMessage(message: unknown, options?: { transfer?: Transferable[] }): void;
}
