import { signalBatch, type SignalBatch } from '@hearken/core';

/** Values per batch by default: 40 s of audio at 32 kHz. The memory that a model needs for it is the limit. */
export const defaultBatchValues = 1_280_000;

/** A signal `[channels, samples]` and what it belongs to. */
export interface LabelledSignal<Item> {
  readonly item: Item;
  readonly signal: Float32Array;
}

/** Consecutive signals of the same length in one array. */
export interface LabelledBatch<Item> {
  readonly items: readonly Item[];
  readonly signals: SignalBatch;
}

/**
 * Puts consecutive signals of the same length into batches, in order. A batch ends when the length changes or it would
 * exceed `batchValues` values; a longer signal is a batch on its own. Only one batch is in memory.
 */
export async function* batchSignals<Item>(
  labelled: AsyncIterable<LabelledSignal<Item>>,
  channels: number,
  batchValues: number = defaultBatchValues,
): AsyncGenerator<LabelledBatch<Item>> {
  let items: Item[] = [];
  let signals: Float32Array[] = [];
  for await (const { item, signal } of labelled) {
    const sameLength = signals.length === 0 || signals[0].length === signal.length;
    const small = signals.length === 0 || (signals.length + 1) * signal.length <= batchValues;
    if (!sameLength || !small) {
      yield { items, signals: batchOf(signals, channels) };
      items = [];
      signals = [];
    }
    items.push(item);
    signals.push(signal);
  }
  if (signals.length > 0) yield { items, signals: batchOf(signals, channels) };
}

/** A single signal is not copied: it may be hours long. */
function batchOf(signals: Float32Array[], channels: number): SignalBatch {
  const [signal] = signals;
  if (signals.length > 1 || signal.length % channels !== 0) return signalBatch(signals, channels);
  return { data: signal, count: 1, channels, samples: signal.length / channels };
}

/** Number of items made at a time: enough to hide disk latency. */
const lanes = 4;

/** Makes a signal for every item, a few at a time, and yields them in order. */
export async function* readInOrder<Item>(
  items: readonly Item[],
  read: (item: Item) => Promise<Float32Array>,
): AsyncGenerator<LabelledSignal<Item>> {
  const pending: Promise<Float32Array>[] = [];
  const start = (index: number) => {
    const reading = read(items[index]);
    // The failure is reported when the promise is awaited; until then it must not count as unhandled.
    reading.catch(() => undefined);
    pending.push(reading);
  };
  for (let index = 0; index < Math.min(lanes, items.length); index += 1) start(index);
  for (let index = 0; index < items.length; index += 1) {
    const signal = await pending.shift()!;
    if (index + lanes < items.length) start(index + lanes);
    yield { item: items[index], signal };
  }
}

/** Runs an async iterator one step ahead of its reader, so that the next item is made while the current one is used. */
export async function* oneAhead<Item>(items: AsyncIterator<Item, unknown>): AsyncGenerator<Item> {
  const advance = () => {
    const step = items.next();
    step.catch(() => undefined);
    return step;
  };
  let next = advance();
  try {
    for (;;) {
      const step = await next;
      if (step.done === true) return;
      next = advance();
      yield step.value;
    }
  } finally {
    await items.return?.();
  }
}
