import { AudioError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/audio/encode-wav.js';
import { decodeAudioFile } from '../../src/web/decode-audio-file.js';
import { decoderInWorker } from '../../src/web/decode-in-worker.js';
import type { DecodeReport, DecodeRequest } from '../../src/web/decode-messages.js';
import { answerDecoding } from '../../src/web/serve-decoding.web.js';
import { flacBytes } from '../../../../tests/support/flac-bytes.js';

/** What of a worker is used, on this thread; `answer` is what its module does with a file. */
class FakeWorker extends EventTarget {
  terminated = false;

  constructor(private readonly answer: (request: DecodeRequest, worker: FakeWorker) => unknown) {
    super();
  }

  postMessage(request: DecodeRequest): void {
    void this.answer(request, this);
  }

  report(data: DecodeReport): void {
    if (!this.terminated) this.dispatchEvent(new MessageEvent('message', { data }));
  }

  terminate(): void {
    this.terminated = true;
  }
}

/** A starter of such workers, and those that it started. */
function fakes(answer: (request: DecodeRequest, worker: FakeWorker) => unknown) {
  const workers: FakeWorker[] = [];
  const start = () => {
    const worker = new FakeWorker(answer);
    workers.push(worker);
    return worker as unknown as Worker;
  };
  return { start, workers };
}

const decoding = (request: DecodeRequest, worker: FakeWorker) =>
  answerDecoding(
    {
      addEventListener: () => undefined,
      postMessage: (report) => {
        worker.report(report as DecodeReport);
      },
    },
    request,
  );
const counts = Int16Array.from({ length: 20_480 }, (_, index) => (index * 37) % 2000);
const flac = () => new File([flacBytes(counts).slice()], 'clip.flac');

describe('decoding in a worker', () => {
  it('gives the same samples as here, with one worker for files one after the other and more for files at once', async () => {
    const { start, workers } = fakes(decoding);
    const here = await decodeAudioFile(flac());
    for (let time = 0; time < 2; time += 1)
      expect(await decodeAudioFile(flac(), { decodeWorker: start })).toEqual(here);
    expect(workers).toHaveLength(1);
    await Promise.all([1, 2, 3].map(() => decodeAudioFile(flac(), { decodeWorker: start })));
    expect(workers).toHaveLength(3);
  });

  it('keeps the worker of a damaged file, and its error', async () => {
    const { start, workers } = fakes(decoding);
    const bytes = flacBytes(counts);
    const cut = () => new File([bytes.slice(0, bytes.length / 2)], 'cut.flac');
    const failure = await decodeAudioFile(cut(), { decodeWorker: start }).catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(AudioError);
    await expect(decodeAudioFile(cut())).rejects.toThrow((failure as Error).message);
    await decodeAudioFile(flac(), { decodeWorker: start });
    expect(workers).toHaveLength(1);
  });

  it('ends a worker that is aborted, is silent for too long, or failed, and starts another for the next file', async () => {
    const deaf = fakes(() => undefined);
    const abort = new AbortController();
    const aborted = decodeAudioFile(flac(), { decodeWorker: deaf.start, abortSignal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');

    const silent = decoderInWorker(deaf.start, () => 1);
    await expect(silent(new Uint8Array(4), 'flac', 'clip.flac', {})).rejects.toThrow(
      /'clip\.flac': a file whose decoder made no progress/,
    );

    const broken = fakes((_request, worker) =>
      worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' })),
    );
    const read = () => decodeAudioFile(flac(), { decodeWorker: broken.start });
    await expect(read()).rejects.toThrow(/'clip\.flac': a decoder that stopped \(out of memory\)/);
    await expect(read()).rejects.toThrow(AudioError);
    expect(broken.workers).toHaveLength(2);
    expect([...deaf.workers, ...broken.workers].filter(({ terminated }) => !terminated)).toEqual([]);
  });

  it('starts none for plain samples', async () => {
    const { start, workers } = fakes(decoding);
    const wav = new File([encodeWav(new Float32Array(100), 8000).slice()], 'clip.wav');
    await decodeAudioFile(wav, { decodeWorker: start });
    expect(workers).toEqual([]);
  });
});
