import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getTimestampEmbeddings, OptionError, signalBatch, SignalError, type Embedder } from '../src/index.js';
import {
  streamEmbeddings,
  streamLatency,
  type StreamedEmbeddings,
  type StreamOptions,
  type TimestampStreaming,
} from '../src/streaming.js';
import { inChunks } from '../src/conformance/streaming-checks.js';
import { FakeEmbedder } from './fake-embedder.js';

/** 100 samples a window at 2000 Hz. */
const embedder = new FakeEmbedder(2000, 1, 0.05);
const ramp = (samples: number) => Float32Array.from({ length: samples }, (_, index) => Math.sin(index * index));

/** What a source waits for that gives nothing more. */
const forever = new Promise<never>((resolve) => {
  void resolve;
});

async function collect(stream: AsyncIterable<StreamedEmbeddings>) {
  const batches: StreamedEmbeddings[] = [];
  for await (const batch of stream) batches.push(batch);
  return {
    batches: batches.map(({ timestampCount }) => timestampCount),
    data: batches.flatMap(({ data }) => Array.from(data)),
    timestamps: batches.flatMap(({ timestamps }) => Array.from(timestamps)),
  };
}

async function whole(signal: Float32Array, model: Embedder = embedder) {
  const { data, timestamps } = await getTimestampEmbeddings(signalBatch([signal], model.channels), model);
  return { data: Array.from(data), timestamps: Array.from(timestamps) };
}

/** The fake with blocks of three timestamps, of which the last needs the whole block: as transformers do. */
function blockEmbedder(): Embedder {
  const good = embedder.timestampStreaming;
  const blocks: Partial<TimestampStreaming> = { anyHop: false, windowTimestamps: 3, lookAhead: 300, batchSize: 6 };
  const changed = { ...embedder, timestampStreaming: { ...good, ...blocks } };
  return Object.assign(Object.create(embedder) as Embedder, changed);
}

describe('streamEmbeddings', () => {
  it.each([[[1]], [[7]], [[0, 100, 0]], [[20_000]], [[1, 1024, 0, 33]]])(
    'gives the embeddings of the whole signal in chunks of %j samples',
    async (lengths) => {
      const signal = ramp(5150);
      expect(await collect(streamEmbeddings(inChunks(signal, 1, lengths), embedder))).toMatchObject(
        await whole(signal),
      );
    },
  );

  it('does so for any length, chunks, channels, and windows of several timestamps', async () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1 }).filter((list) => list.some(Boolean));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100, max: 4000 }),
        lengths,
        fc.constantFrom(1, 3, 12),
        async (samples, list, channels) => {
          const model = channels === 1 ? blockEmbedder() : new FakeEmbedder(2000, channels, 0.05);
          const signal = ramp(channels * samples);
          const streamed = await collect(streamEmbeddings(inChunks(signal, channels, list), model));
          expect(streamed).toMatchObject(await whole(signal, model));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives an embedding as soon as its window is full, before more is read', async () => {
    let given = 0;
    async function* live() {
      while (given < 5000) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        given += 50;
        yield ramp(50);
      }
    }
    const stream = streamEmbeddings(live(), embedder);
    const givenBefore: number[] = [];
    for await (const { timestampCount } of stream) {
      expect(timestampCount).toBe(1);
      givenBefore.push(given);
      if (givenBefore.length === 3) break;
    }
    expect(givenBefore).toEqual([100, 200, 300]);
  });

  it('batches what waits, and no more than the model takes', async () => {
    const { batches } = await collect(streamEmbeddings([ramp(5000)], embedder));
    expect(batches).toEqual([8, 8, 8, 8, 8, 8, 2]);
    const small = await collect(streamEmbeddings(inChunks(ramp(5000), 1, [10]), embedder));
    expect(small.batches).toEqual(batches);
  });

  it('reads nothing before it is asked, and at most a chunk ahead', async () => {
    let read = 0;
    function* source() {
      for (;;) {
        read += 1;
        yield ramp(100);
      }
    }
    const stream = streamEmbeddings(source(), embedder);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(read).toBe(0);
    for (let batch = 1; batch <= 5; batch += 1) {
      await stream.next();
      await new Promise((resolve) => setTimeout(resolve, 2));
      expect(read).toBeLessThanOrEqual(8 * batch + 1);
    }
    await stream.return();
  });

  it('holds no more of a long stream than of a short one', async () => {
    const held: number[] = [];
    const { timestampStreaming: good } = embedder;
    const model = Object.assign(Object.create(embedder) as Embedder, {
      ...embedder,
      timestampStreaming: {
        ...good,
        embed: (...[stretch, ...rest]: Parameters<TimestampStreaming['embed']>) => {
          held.push(stretch.signals.data.buffer.byteLength);
          return good.embed(stretch, ...rest);
        },
      },
    });
    function* long() {
      for (let chunk = 0; chunk < 4000; chunk += 1) yield new Float32Array(chunk % 2 === 0 ? 333 : 7);
    }
    expect((await collect(streamEmbeddings(long(), model))).timestamps).toHaveLength(6800);
    expect(Math.max(...held)).toBe(Math.max(...held.slice(0, 20)));
    // Eight windows of 100 float32 samples, with room to move.
    expect(Math.max(...held)).toBeLessThanOrEqual(4 * 4 * 900);
  });
});

describe('the hop', () => {
  it('may be any number of samples where windows are free', async () => {
    const signal = ramp(1000);
    const { data, timestamps } = await collect(streamEmbeddings([signal], embedder, { hop: 3.5 }));
    expect(timestamps.slice(0, 3)).toEqual([25, 28.5, 32]);
    expect(timestamps).toHaveLength(Math.floor(900 / 7) + 1);
    expect(data.slice(4 * 4, 5 * 4)).toEqual((await whole(signal.subarray(28, 128))).data);
    // Gaps between windows are not kept.
    expect(
      (await collect(streamEmbeddings(inChunks(ramp(9000), 1, [10]), embedder, { hop: 1000 }))).timestamps,
    ).toEqual([25, 1025, 2025, 3025, 4025]);
  });

  it.each([1, 2, 3, 4, 7, 30])('may be %i times its own where the model has a grid', async (times) => {
    const signal = ramp(5150);
    const all = await whole(signal);
    const options = { hop: 50 * times };
    const { data, timestamps } = await collect(streamEmbeddings(inChunks(signal, 1, [64]), blockEmbedder(), options));
    expect(timestamps).toEqual(all.timestamps.filter((_, index) => index % times === 0));
    expect(data).toEqual(all.data.filter((_, index) => Math.floor(index / 4) % times === 0));
  });

  it('is refused at once where it cannot be, with what can be', () => {
    const open = (model: Embedder, hop: number) => () => streamEmbeddings([], model, { hop });
    for (const hop of [0, -50, NaN, Infinity, 0.3]) expect(open(embedder, hop), String(hop)).toThrow(OptionError);
    expect(open(embedder, 0.75)).toThrow(/whole number of samples \(0.5 ms each\), such as 50/);
    expect(open(blockEmbedder(), 75)).toThrow(/multiple of that, such as 50 or 100/);
    const still = Object.assign(Object.create(embedder) as Embedder, { ...embedder, timestampStreaming: undefined });
    expect(open(still, 50)).toThrow(/needs the whole signal/);
    expect(() => streamLatency(still)).toThrow(OptionError);
  });

  it('does not change the latency', () => {
    expect(streamLatency(embedder)).toBe(25);
    expect(streamLatency(embedder, { hop: 10 })).toBe(25);
    expect(streamLatency(blockEmbedder(), { hop: 100 })).toBe(125);
  });
});

describe('the end of a stream', () => {
  /** A source that says whether it was closed. */
  function watched(chunks: Iterable<Float32Array>) {
    const state = { closed: false };
    async function* source() {
      try {
        for (const chunk of chunks) {
          await Promise.resolve();
          yield chunk;
        }
      } finally {
        state.closed = true;
      }
    }
    return { state, source: source() };
  }
  const read = (chunks: AsyncIterable<Float32Array> | Iterable<Float32Array>, options?: StreamOptions) =>
    collect(streamEmbeddings(chunks, embedder, options));

  it.each([0, 1, 99])('after %i samples is too early', async (samples) => {
    await expect(read([ramp(samples)])).rejects.toThrow(SignalError);
  });

  it('closes the source when the consumer stops early', async () => {
    const { state, source } = watched(inChunks(ramp(100_000), 1, [100]));
    for await (const { timestampCount } of streamEmbeddings(source, embedder)) {
      expect(timestampCount).toBe(8);
      break;
    }
    expect(state.closed).toBe(true);
  });

  it('does not wait for a source that waits itself', async () => {
    async function* silent() {
      yield ramp(150);
      await forever;
    }
    for await (const { timestampCount } of streamEmbeddings(silent(), embedder)) {
      expect(timestampCount).toBe(1);
      break;
    }
  });

  it('comes with the reason of an abort, also where the source gives nothing more', async () => {
    const reason = new Error('enough');
    await expect(read([ramp(500)], { abortSignal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    async function* silent() {
      yield ramp(150);
      await forever;
    }
    setTimeout(() => {
      controller.abort(reason);
    }, 5);
    await expect(read(silent(), { abortSignal: controller.signal })).rejects.toBe(reason);
  });

  it('comes with the error of the source, after what was embedded before', async () => {
    const cause = new Error('unplugged');
    async function* broken() {
      yield* inChunks(ramp(350), 1, [50]);
      await Promise.resolve();
      throw cause;
    }
    const stream = streamEmbeddings(broken(), embedder);
    expect((await stream.next()).value).toMatchObject({ timestampCount: 3 });
    await expect(stream.next()).rejects.toBe(cause);
  });

  it.each([NaN, -Infinity])('comes with %f in a chunk, and says where', async (value) => {
    const { state, source } = watched([ramp(350), Float32Array.of(0, value)]);
    const stream = streamEmbeddings(source, embedder);
    expect((await stream.next()).value).toMatchObject({ timestampCount: 3 });
    await expect(stream.next()).rejects.toThrow(new RegExp(`${value} at sample 351`));
    expect(state.closed).toBe(true);
  });

  it.each([
    [null, /null instead of one; pass an iterable/],
    [undefined, /undefined instead of one/],
    ['samples', /string instead of one/],
    [ramp(3), /Float32Array instead of one; pass a complete signal as \[signal\]/],
  ])('is refused at once where it is no source: %j', (source, message) => {
    const stream = () => streamEmbeddings(source as unknown as Float32Array[], embedder);
    expect(stream).toThrow(SignalError);
    expect(stream).toThrow(message);
  });

  it('comes with chunks that are none', async () => {
    await expect(read([[0.5, 0.5]] as unknown as Float32Array[])).rejects.toThrow(/: Array; pass a Float32Array/);
    const bytes = [Buffer.alloc(8)] as unknown as Float32Array[];
    await expect(read(bytes)).rejects.toThrow(/: Buffer; pass a Float32Array/);
    const stereo = new FakeEmbedder(2000, 2, 0.05);
    await expect(collect(streamEmbeddings([ramp(3)], stereo))).rejects.toThrow(/3 values for 2 channels/);
  });

  it('comes with answers of the wrong size, and with NaN in them', async () => {
    const answering = (answer: Float32Array) =>
      Object.assign(Object.create(embedder) as Embedder, {
        ...embedder,
        timestampStreaming: { ...embedder.timestampStreaming, embed: () => Promise.resolve(answer) },
      });
    const first = (answer: Float32Array) => streamEmbeddings([ramp(900)], answering(answer)).next();
    for (const length of [5, 28, 36]) {
      await expect(first(new Float32Array(length))).rejects.toThrow(`${length} values instead of 32`);
    }
    // Only the end of a stream may have fewer than were asked for.
    const { data } = await collect(streamEmbeddings([ramp(150)], answering(new Float32Array(4))));
    expect(data).toEqual([0, 0, 0, 0]);
    await expect(first(new Float32Array(32).fill(NaN))).rejects.toThrow(/NaN/);
  });
});
