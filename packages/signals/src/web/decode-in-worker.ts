import { AudioError } from '@hearken/core';
import { errorOfMessage } from '@hearken/core/remote';
import type { CompressedFormat } from '../audio/compressed.js';
import { type DecodeLimits, mostSilence, stoodStill } from '../audio/decode-limits.js';
import type { CompressedDecoder } from '../audio/decode-with.js';
import type { DecodeReport, DecodeRequest } from './decode-messages.js';

/** Idle workers, by the function that started them. */
const idle = new WeakMap<() => Worker, Worker[]>();

/**
 * A decoder in workers that run `serveAudioDecoding`. A worker is kept for further files, and terminated when a
 * file is given up or ends it.
 *
 * @param start starts a worker
 * @param silence milliseconds without a sign of life after which a file of so many bytes is given up
 */
export function decoderInWorker(
  start: () => Worker,
  silence: (bytes: number) => number = mostSilence,
): CompressedDecoder {
  return async (bytes, format, name, limits) => {
    limits.abortSignal?.throwIfAborted();
    const waiting = idle.get(start) ?? [];
    idle.set(start, waiting);
    const worker = waiting.pop() ?? start();
    let report: Answer;
    try {
      report = await answerOf(worker, { bytes, format, name }, limits, silence(bytes.length));
    } catch (error) {
      worker.terminate();
      throw error;
    }
    // A decoder that reports an error can be used for the next file.
    waiting.push(worker);
    if (report.kind === 'failed') throw errorOfMessage(report.error);
    return report.audio;
  };
}

/** How a file ends. */
type Answer = Exclude<DecodeReport, { readonly kind: 'progress' }>;

/** @throws AudioError for a worker that is silent for too long or failed; the abort signal's reason */
function answerOf(
  worker: Worker,
  { bytes, format, name }: { readonly bytes: Uint8Array; readonly format: CompressedFormat; readonly name: string },
  limits: DecodeLimits,
  silence: number,
): Promise<Answer> {
  const { abortSignal, onProgress, ...bounds } = limits;
  const ended = new AbortController();
  const { signal } = ended;
  const job = new Promise<Answer>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        reject(stoodStill(name, silence));
      }, silence);
    };
    const hear = ({ data: report }: MessageEvent<DecodeReport>) => {
      wait();
      if (report.kind === 'progress') onProgress?.();
      else resolve(report);
    };
    const stop = ({ message }: { readonly message?: string }) => {
      const found = `a decoder that stopped${message === undefined || message === '' ? '' : ` (${message})`}`;
      const fix = "the file is damaged or malicious, or the worker did not load: see the page's console";
      reject(new AudioError({ asked: `audio of '${name}'`, found, fix }));
    };
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
    worker.addEventListener('message', hear, { signal });
    worker.addEventListener('error', stop, { signal });
    worker.addEventListener('messageerror', () => stop({ message: 'a message that cannot be read' }), { signal });
    const onAbort = () => {
      reject(abortSignal?.reason as Error);
    };
    abortSignal?.addEventListener('abort', onAbort, { signal });
    wait();
    // Only the file's own bytes are sent: it may be part of a larger buffer.
    const own = bytes.slice();
    const request: DecodeRequest = { bytes: own, format, name, bounds };
    worker.postMessage(request, [own.buffer]);
  });
  return job.finally(() => {
    ended.abort();
  });
}
