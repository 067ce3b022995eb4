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
 *
 * @param belongTogether whether two consecutive items may be in one batch; default: any
 */
export async function* batchSignals<Item>(
  labelled: AsyncIterable<LabelledSignal<Item>>,
  channels: number,
  batchValues: number = defaultBatchValues,
  belongTogether: (one: Item, next: Item) => boolean = () => true,
): AsyncGenerator<LabelledBatch<Item>> {
  let items: Item[] = [];
  let signals: Float32Array[] = [];
  for await (const { item, signal } of labelled) {
    const sameLength = signals.length === 0 || signals[0].length === signal.length;
    const small = signals.length === 0 || (signals.length + 1) * signal.length <= batchValues;
    const together = items.length === 0 || belongTogether(items[items.length - 1], item);
    if (!sameLength || !small || !together) {
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
  items: Iterable<Item> | AsyncIterable<Item>,
  read: (item: Item) => Promise<Float32Array>,
): AsyncGenerator<LabelledSignal<Item>> {
  const pending: { readonly item: Item; readonly signal: Promise<Float32Array> }[] = [];
  for await (const item of items) {
    const signal = read(item);
    // The failure is reported when the promise is awaited; until then it must not count as unhandled.
    signal.catch(() => undefined);
    pending.push({ item, signal });
    if (pending.length < lanes) continue;
    const first = pending.shift()!;
    yield { item: first.item, signal: await first.signal };
  }
  for (const { item, signal } of pending) yield { item, signal: await signal };
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
