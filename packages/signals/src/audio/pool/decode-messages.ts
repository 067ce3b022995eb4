import type { ErrorMessage } from '@hearken/core/remote';
import type { CompressedFormat } from '../compressed.js';

/** Maximum size of a message in bytes: a channel between processes copies all messages. */
export const pieceBytes = 2 ** 22;

/** What the owner sends: a file's description, and then its bytes in pieces. */
export type DecodeRequest =
  | {
      readonly kind: 'decode';
      readonly format: CompressedFormat;
      readonly name: string;
      /** Size of the file in bytes. */
      readonly bytes: number;
      readonly maximumSeconds: number | undefined;
      readonly maximumSamples: number;
      readonly mixDown: boolean;
      /** Bytes of memory at which the process exits. */
      readonly memory: number;
    }
  | { readonly kind: 'bytes'; readonly piece: Uint8Array };

/** What the process replies: signs of life, and then samples in pieces, or an error. */
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

/** The signal with which the process kills itself if it takes too much memory. */
export const memorySignal = 'SIGUSR2';
