import type { LoadOptions } from '@hearken/core';
import { createNodeSession } from '@hearken/onnx/node';
import { describe, expect, it } from 'vitest';
import { standardLeads } from '@hearken/core';
import { arrangeLeads } from '../../src/leads.js';
import { checkOptions } from '../../src/options.js';
import { createPreprocessor, windowSamples } from '../../src/preprocessing/preprocess.js';
import { buildPreprocessing, recordShape } from '../../src/preprocessing-graph/preprocess.js';
import { toMillivolts } from '../../src/signal-checks.js';
import { fixture } from '../fixture.js';
import { readNpy } from '../../../../tests/support/npy.js';

const published = readNpy(fixture('synthetic.input.npy')).data;
const publishedSamples = 5000;

/** The fixture's record as `[channels, samples]` in mV: its first 5 s, or faster or slower if the rate is not 500 Hz. */
function record(channels: number, samples: number, leads: readonly string[] = standardLeads): Float32Array {
  const signal = new Float32Array(channels * samples);
  for (let channel = 0; channel < channels; channel += 1) {
    const lead = standardLeads.findIndex((one) => one === leads[channel]);
    for (let index = 0; index < samples; index += 1) {
      signal[channel * samples + index] = published[lead * publishedSamples + (index % publishedSamples)];
    }
  }
  return signal;
}

/** The network's input out of the graph and out of TypeScript, for a batch of two. */
async function both(asked: LoadOptions, signals: readonly Float32Array[]): Promise<[Float32Array, Float32Array]> {
  const options = checkOptions(asked);
  const [channels, samples] = recordShape(options);
  const data = new Float32Array(signals.length * channels * samples);
  signals.forEach((signal, index) => {
    data.set(signal, index * signal.length);
  });
  const session = await createNodeSession(buildPreprocessing(options), { threads: 1 });
  const { window } = await session.run({ signal: { data, shape: [signals.length, channels, samples] } });
  await session.dispose();
  expect(window.shape).toEqual([signals.length, windowSamples]);
  const preprocessor = createPreprocessor(options.inputRate, options);
  const expected = new Float32Array(signals.length * windowSamples);
  signals.forEach((signal, index) => {
    const arranged = arrangeLeads(toMillivolts(signal, options.units), options.leads, options.fillLeads);
    const target = expected.subarray(index * windowSamples, (index + 1) * windowSamples);
    preprocessor.writeWindow(preprocessor.prepare(arranged), 0, target);
  });
  return [window.data as Float32Array, expected];
}

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const eight = ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const asked: [string, LoadOptions][] = [
  ['all steps at 500 Hz', {}],
  ['doubling the rate', { inputRate: 250 }],
  ['halving it', { inputRate: 1000 }],
  ['a rate of an odd number of samples', { inputRate: 257 }],
  ['a rate that shares few factors', { inputRate: 360 }],
  ['a rate that is no whole number', { inputRate: 200.3 }],
  ['a rate at which 5 s and a part of a sample become more than a window', { inputRate: 100.5 }],
  ['a rate at which the published length of 5 s is a sample short', { inputRate: 499 }],
  ['no filter', { filter: false }],
  ['no scaling', { scale: false }],
  ['no scaling, in µV', { scale: false, units: 'uV' }],
  ['no resampling', { resample: false }],
  ['no decimation', { decimate: false }],
  ['no decimation, upwards', { decimate: false, inputRate: 96 }],
  ['leads in another order', { leads: standardLeads.toReversed() }],
  ['eight leads', { leads: eight, fillLeads: true }],
];

describe('preprocessing in the graph', () => {
  it.each(asked)('is the same as in TypeScript: %s', async (_, options) => {
    const { leads, inputRate } = checkOptions(options);
    const [channels, samples] = [leads.length, Math.ceil(5 * inputRate - 1e-6)];
    const first = record(channels, samples, leads);
    // An offset, as before a high-pass filter: many times the range.
    const second = first.map((value, index) => 0.2 * value + (options.scale === false ? 0 : 30) + Math.sin(index / 7));
    const [found, expected] = await both(options, [first, second]);
    const difference = largest(found.map((value, index) => value - expected[index]));
    expect(difference).toBeLessThan(1e-5 * Math.max(1, largest(expected)));
    expect(largest(expected)).toBeGreaterThan(1e-4);
  });

  it('is the same at the ends of the joined leads, where the signal is largest', async () => {
    const ramp = Float32Array.from({ length: 12 * 2500 }, (_, index) => Math.exp((index % 2500) / 400) / 500);
    const turned = ramp.toReversed();
    const [found, expected] = await both({ filter: false }, [ramp, turned]);
    expect(largest(found.map((value, index) => value - expected[index]))).toBeLessThan(1e-5);
  });

  it('computes flat leads from I and II, if asked for', async () => {
    const flat = record(12, 2500);
    flat.fill(0.3, 3 * 2500, 4 * 2500);
    const [found, expected] = await both({ fillLeads: true }, [flat, record(12, 2500)]);
    expect(largest(found.map((value, index) => value - expected[index]))).toBeLessThan(1e-5);
  });

  it('takes silence', async () => {
    const [found, expected] = await both({}, [new Float32Array(12 * 2500), record(12, 2500)]);
    expect(largest(found.map((value, index) => value - expected[index]))).toBeLessThan(1e-5);
  });
});
