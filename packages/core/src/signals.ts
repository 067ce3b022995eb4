import { SignalError } from './errors.js';
import { isFloat32Array, typeName } from './type-name.js';

/**
 * A batch of equally long signals: float32, row-major `[count, channels, samples]`.
 * Audio is mono in [-1, 1]; an ECG has 12 channels in mV. The sample rate is the embedder's.
 */
export interface SignalBatch {
  /** Row-major `[count, channels, samples]`. */
  readonly data: Float32Array;
  /** How many signals. */
  readonly count: number;
  /** 1 for audio, 12 for ECG. */
  readonly channels: number;
  /** Number of samples per channel. */
  readonly samples: number;
}

/**
 * Makes a batch of signals of the same length.
 *
 * @param signals one `Float32Array` per signal, each `[channels, samples]` row-major
 * @param channels number of channels of each signal: 1 for audio, 12 for an ECG
 * @throws SignalError if there is no signal, one is not a `Float32Array`, or lengths differ or are not a multiple of
 *   `channels`
 */
export function signalBatch(signals: readonly Float32Array[], channels = 1): SignalBatch {
  checkList(signals);
  const first = signals[0] as Float32Array | undefined;
  if (first === undefined) {
    throw new SignalError({ asked: 'a batch of signals', found: 'no signal', fix: 'pass at least one signal' });
  }
  if (first.length % channels !== 0) {
    throw new SignalError({
      asked: `signals of ${channels} channels`,
      found: `${first.length} values, not a multiple of ${channels}`,
      fix: 'pass each signal as [channels, samples], row-major',
    });
  }
  const data = new Float32Array(first.length * signals.length);
  signals.forEach((signal, index) => {
    if (signal.length !== first.length) {
      throw new SignalError({
        asked: `a batch of signals of ${first.length} values each`,
        found: `signal ${index} with ${signal.length}`,
        fix: 'batch signals of the same length, or pad them first',
      });
    }
    data.set(signal, index * first.length);
  });
  return { data, count: signals.length, channels, samples: first.length / channels };
}

/** Refuses anything but an array of signals, which plain JavaScript may pass. */
function checkList(signals: unknown): void {
  if (!Array.isArray(signals)) {
    throw new SignalError({
      asked: 'a batch of signals',
      found: `${typeName(signals)} instead of an array of signals`,
      fix: isFloat32Array(signals) ? 'pass one signal as [signal]' : 'pass an array with one Float32Array per signal',
    });
  }
  const other = signals.findIndex((signal: unknown) => !isFloat32Array(signal));
  if (other >= 0) {
    throw new SignalError({
      asked: 'a batch of signals',
      found: `${typeName(signals[other])} instead of Float32Array as signal ${other}`,
      fix: 'pass each signal as a Float32Array, for example Float32Array.from(values)',
    });
  }
}

/** The signals `start` to `end` (exclusive) of a batch, sharing its memory. */
export function sliceBatch(batch: SignalBatch, start: number, end: number): SignalBatch {
  const size = batch.channels * batch.samples;
  return { ...batch, data: batch.data.subarray(start * size, end * size), count: Math.min(end, batch.count) - start };
}

/** Refuses anything but a batch, which plain JavaScript may pass. */
function checkBatch(batch: unknown): void {
  const data = typeof batch === 'object' && batch !== null && 'data' in batch ? batch.data : undefined;
  if (isFloat32Array(data)) return;
  throw new SignalError({
    asked: 'a batch of signals',
    found:
      data === undefined ? `${typeName(batch)} instead of one` : `${typeName(data)} instead of Float32Array as data`,
    fix: 'make one with signalBatch([signal])',
  });
}

/**
 * Refuses a batch with another number of channels, with fewer than `minimumSamples` samples, or that contains NaN or
 * infinity.
 *
 * @throws SignalError naming the signal and the first offending value
 */
export function checkSignals(batch: SignalBatch, channels: number, minimumSamples: number): void {
  checkBatch(batch);
  const asked = `signals of ${channels} channel${channels === 1 ? '' : 's'} and ${minimumSamples} samples or more`;
  if (batch.count < 1 || !Number.isInteger(batch.count)) {
    throw new SignalError({ asked, found: 'an empty batch', fix: 'pass at least one signal' });
  }
  if (batch.channels !== channels) {
    throw new SignalError({
      asked,
      found: `${batch.channels} channel${batch.channels === 1 ? '' : 's'}`,
      fix: channels === 1 ? 'mix down to one channel first' : `pass all ${channels} channels`,
    });
  }
  if (!(batch.samples >= minimumSamples)) {
    throw new SignalError({
      asked,
      found: `${batch.samples} sample${batch.samples === 1 ? '' : 's'}`,
      fix: 'pass a longer signal, or pad it with zeros',
    });
  }
  if (batch.data.length !== batch.count * batch.channels * batch.samples) {
    throw new SignalError({
      asked: `${batch.count} x ${batch.channels} x ${batch.samples} values`,
      found: `${batch.data.length} values`,
      fix: 'make data, count, channels and samples agree',
    });
  }
  const offending = firstNonFinite(batch.data);
  if (offending >= 0) {
    const size = batch.channels * batch.samples;
    throw new SignalError({
      asked: 'finite samples',
      found: `${batch.data[offending]} in signal ${Math.floor(offending / size)} at sample ${offending % batch.samples}`,
      fix: 'fix or leave out that signal',
    });
  }
}

/** The index of the first NaN or infinity, or -1. */
export function firstNonFinite(values: Float32Array): number {
  // Adding zeros times each value keeps a fast path: 0 * x is NaN exactly where x is not finite.
  let probe = 0;
  for (let index = 0; index < values.length; index += 1) probe += 0 * values[index];
  if (probe === 0) return -1;
  return values.findIndex((value) => !Number.isFinite(value));
}
