import type { ErrorMessage } from '@hearken/core/remote';
import type { CompressedFormat } from '../compressed.js';

/** Bytes of one message, at most: a channel between processes copies what goes through it. */
export const pieceBytes = 2 ** 22;

/** What the owner sends: a file's description, and then its bytes in pieces. */
export type DecodeRequest =
  | {
      readonly kind: 'decode';
      readonly format: CompressedFormat;
      readonly name: string;
      /** All of the file's. */
      readonly bytes: number;
      readonly maximumSeconds: number | undefined;
      readonly maximumSamples: number;
      readonly mixDown: boolean;
      /** Bytes of memory at which the process ends itself. */
      readonly memory: number;
    }
  | { readonly kind: 'bytes'; readonly piece: Uint8Array };

/** What the process answers: signs of life, and then samples in pieces, or why there are none. */
export type DecodeReport =
  | { readonly kind: 'progress' }
  | {
      readonly kind: 'head';
      readonly sampleRate: number;
      readonly channels: number;
      readonly samples: number;
      readonly mixedFrom?: number;
    }
  | { readonly kind: 'samples'; readonly channel: number; readonly start: number; readonly values: Float32Array }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

/** The signal with which the process ends itself where it takes too much memory. */
export const memorySignal = 'SIGUSR2';
