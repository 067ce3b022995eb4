import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstNonFinite, SignalError, signalBatch, sliceBatch, type SignalBatch } from '../src/index.js';
import { checkSignals } from '../src/signals.js';

describe('signalBatch', () => {
  it('puts signals of several channels side by side', () => {
    const batch = signalBatch([Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)], 2);
    expect(batch).toEqual({ data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), count: 2, channels: 2, samples: 2 });
  });

  it('copies, so that the signals stay the caller’s', () => {
    const signal = Float32Array.of(1, 2);
    signalBatch([signal]).data[0] = 9;
    expect(signal[0]).toBe(1);
  });

  it('refuses no signal, signals of different lengths and values that the channels do not divide', () => {
    expect(() => signalBatch([])).toThrow(SignalError);
    expect(() => signalBatch([new Float32Array(3), new Float32Array(4)])).toThrow('signal 1 with 4');
    expect(() => signalBatch([new Float32Array(13)], 12)).toThrow('13 values, not a multiple of 12');
  });

  it.each([
    [undefined, /undefined instead of an array of signals/],
    [new Float32Array(2), /Float32Array instead of an array of signals; pass one signal as \[signal\]/],
    [[[1, 2]], /Array instead of Float32Array as signal 0/],
    [[new Float32Array(2), new Float64Array(2)], /Float64Array instead of Float32Array as signal 1/],
  ])('refuses what are no signals: %j', (signals, message) => {
    const batch = () => signalBatch(signals as unknown as Float32Array[]);
    expect(batch).toThrow(SignalError);
    expect(batch).toThrow(message);
  });
});

describe('sliceBatch', () => {
  it('shares the memory of the signals it takes', () => {
    const batch = signalBatch([Float32Array.of(1, 2), Float32Array.of(3, 4), Float32Array.of(5, 6)]);
    const slice = sliceBatch(batch, 1, 3);
    expect(slice).toEqual({ data: Float32Array.of(3, 4, 5, 6), count: 2, channels: 1, samples: 2 });
    expect(slice.data.buffer).toBe(batch.data.buffer);
  });

  it('ends where the batch does, and puts together again what it took apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 10 }), (count, step) => {
        const signals = Array.from({ length: count }, (_, index) => Float32Array.of(index, -index));
        const batch = signalBatch(signals, 2);
        const parts: number[] = [];
        for (let start = 0; start < count; start += step) {
          const part = sliceBatch(batch, start, start + step);
          expect(part.data.length).toBe(part.count * 2);
          parts.push(...part.data);
        }
        expect(parts).toEqual(Array.from(batch.data));
      }),
    );
  });
});

describe('checkSignals', () => {
  const good: SignalBatch = { data: new Float32Array(12), count: 2, channels: 2, samples: 3 };

  it('takes a batch of the right shape', () => {
    expect(() => {
      checkSignals(good, 2, 3);
    }).not.toThrow();
  });

  it.each<[string, SignalBatch, number, number, string]>([
    ['no signal', { ...good, count: 0 }, 2, 3, 'an empty batch'],
    ['half a signal', { ...good, count: 1.5 }, 2, 3, 'an empty batch'],
    ['too many channels', good, 1, 3, '2 channels; mix down to one channel'],
    ['too few channels', good, 12, 3, '2 channels; pass all 12 channels'],
    ['too few samples', good, 2, 4, '3 samples; pass a longer signal'],
    ['no number of samples', { ...good, samples: NaN }, 2, 1, 'NaN samples'],
    ['data of another length', { ...good, count: 3 }, 2, 3, '12 values'],
  ])('refuses %s', (_, batch, channels, minimum, message) => {
    const check = () => {
      checkSignals(batch, channels, minimum);
    };
    expect(check).toThrow(SignalError);
    expect(check).toThrow(message);
  });

  it('names the signal and the sample of a value that is not finite', () => {
    const data = new Float32Array(12);
    data[10] = -Infinity;
    expect(() => {
      checkSignals({ ...good, data }, 2, 3);
    }).toThrow('-Infinity in signal 1 at sample 1');
  });
});

it('finds the first value that is not finite, wherever it is', () => {
  const value = fc.oneof({ weight: 20, arbitrary: fc.float() }, fc.constantFrom(NaN, Infinity, -Infinity));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 40 }), (values) => {
      const data = Float32Array.from(values);
      expect(firstNonFinite(data)).toBe(data.findIndex((one) => !Number.isFinite(one)));
    }),
  );
});
