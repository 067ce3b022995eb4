// The process that decodes compressed audio: whatever a file does to a decoder, it only affects this process. It ends
// with its owner, even if that is killed and even inside a hanging decoder: a second thread watches.
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { errorMessage } from '@hearken/core/remote';
import type { DecodedAudio } from '../audio.js';
import { memorySignal, pieceBytes, type DecodeReport, type DecodeRequest } from './decode-messages.js';

/** How often the watching thread checks. */
const watchMilliseconds = 250;

interface Watch {
  /** The owner's process id. */
  readonly owner: number;
  /** Allowed memory in bytes, in shared memory; 0 while nothing is decoded. */
  readonly memory: Float64Array;
}

if (isMainThread) serve();
else watch(workerData as Watch);

function watch({ owner, memory }: Watch): void {
  setInterval(() => {
    if (process.ppid !== owner) process.kill(process.pid, 'SIGKILL');
    if (memory[0] > 0 && process.memoryUsage.rss() > memory[0]) process.kill(process.pid, memorySignal);
  }, watchMilliseconds);
}

function serve(): void {
  const memory = new Float64Array(new SharedArrayBuffer(8));
  const watched: Watch = { owner: process.ppid, memory };
  new Worker(new URL(import.meta.url), { workerData: watched }).unref();
  process.on('disconnect', () => {
    process.exit(0);
  });
  // All processes of a terminal receive it; the owner decides what to do.
  process.on('SIGINT', () => undefined);
  let request: Extract<DecodeRequest, { kind: 'decode' }> | undefined;
  let bytes = new Uint8Array();
  let filled = 0;
  process.on('message', (message: DecodeRequest) => {
    if (message.kind === 'decode') {
      request = message;
      bytes = new Uint8Array(message.bytes);
      filled = 0;
    } else {
      bytes.set(message.piece, filled);
      filled += message.piece.length;
    }
    if (request === undefined || filled < request.bytes) return;
    const [complete, content] = [request, bytes];
    request = undefined;
    bytes = new Uint8Array();
    memory[0] = complete.memory;
    void answer(complete, content).finally(() => {
      memory[0] = 0;
    });
  });
}

async function answer(request: Extract<DecodeRequest, { kind: 'decode' }>, bytes: Uint8Array): Promise<void> {
  try {
    const { maximumSeconds, maximumSamples, mixDown } = request;
    const limits = {
      maximumSamples,
      mixDown,
      ...(maximumSeconds === undefined ? {} : { maximumSeconds }),
      onProgress: () => void send({ kind: 'progress' }),
    };
    const [{ decodeCompressed }, { decodeAac }] = await Promise.all([
      import('../compressed.js'),
      import('../codecs/aac.node.js'),
    ]);
    await sendAudio(await decodeCompressed(bytes, request.format, request.name, limits, decodeAac));
  } catch (error) {
    await send({ kind: 'failed', error: errorMessage(error) });
  }
}

async function sendAudio({ channels, sampleRate, mixedFrom }: DecodedAudio): Promise<void> {
  await send({
    kind: 'head',
    sampleRate,
    channels: channels.length,
    samples: channels[0].length,
    ...(mixedFrom === undefined ? {} : { mixedFrom }),
  });
  const step = pieceBytes / 4;
  for (const [channel, samples] of channels.entries()) {
    for (let start = 0; start < samples.length; start += step) {
      await send({ kind: 'samples', channel, start, values: samples.subarray(start, start + step) });
    }
  }
  await send({ kind: 'done' });
}

/** Resolves once it is sent, so that only one piece is waiting at a time. */
function send(report: DecodeReport): Promise<void> {
  return new Promise((resolve) => {
    // The channel closes when the owner is gone, which ends this process.
    process.send?.(report, () => {
      resolve();
    });
  });
}
