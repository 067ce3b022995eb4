import {
  getSceneEmbeddings,
  getTimestampEmbeddings,
  type LoadOptions,
  OptionError,
  SignalError,
  signalBatch,
  standardLeads,
} from '@hearken/core';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';
import { readNpy } from '../../../tests/support/npy.js';
import { expectClose } from '../../../tests/support/expect-close.js';

const record = readNpy(fixture('synthetic.input.npy')).data;
const samples = 5000;

/** The scene of one record, loaded with these options. */
async function scene(signal: Float32Array, options: LoadOptions = {}, channels = 12): Promise<Float32Array> {
  const embedder = await plugin.loadModel(fixture('hf'), options);
  try {
    return (await getSceneEmbeddings(signalBatch([signal], channels), embedder)).data;
  } finally {
    await embedder.dispose();
  }
}

const leadOf = (signal: Float32Array, lead: number) => signal.subarray(lead * samples, (lead + 1) * samples);

/** The record with the derived leads as they follow from I and II, exactly. */
function consistent(): Float32Array {
  const signal = record.slice();
  for (let index = 0; index < samples; index += 1) {
    const [first, second] = [signal[index], signal[samples + index]];
    const derived = [second - first, -(first + second) / 2, first - second / 2, second - first / 2];
    derived.forEach((value, place) => (signal[(2 + place) * samples + index] = value));
  }
  return signal;
}

function pick(signal: Float32Array, leads: readonly string[]): Float32Array {
  const picked = new Float32Array(leads.length * samples);
  leads.forEach((lead, index) => {
    picked.set(
      leadOf(
        signal,
        standardLeads.findIndex((one) => one === lead),
      ),
      index * samples,
    );
  });
  return picked;
}

describe('leads', () => {
  it('are put into order by name', async () => {
    const reversed = standardLeads.toReversed();
    const options = { leads: reversed.map((lead) => lead.toUpperCase()) };
    expectClose('reversed', await scene(pick(record, reversed), options), await scene(record), 1e-6);
    expectClose('text', await scene(record, { leads: 'I II III aVR aVL aVF V1-V6' }), await scene(record), 1e-6);
  });

  it('that are missing are filled from I and II, if asked for', async () => {
    const eight = ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
    const whole = consistent();
    const expected = await scene(whole);
    const filled = await scene(pick(whole, eight), { leads: eight, fillLeads: true }, 8);
    expectClose('filled', filled, expected);
    const flat = whole.slice();
    leadOf(flat, 3).fill(0);
    expectClose('flat', await scene(flat, { fillLeads: true }), expected);
    await expect(scene(pick(whole, eight), { leads: eight }, 8)).rejects.toThrow(
      /no III, aVR, aVL, aVF; pass fillLeads/,
    );
    const six = eight.slice(0, 7);
    await expect(scene(pick(whole, six), { leads: six, fillLeads: true }, 7)).rejects.toThrow(/no V6; the model needs/);
  });

  it.each([
    [11, /11 channels; pass all 12/],
    [13, /13 channels; pass all 12/],
  ])('%i are refused', async (channels, message) => {
    const refused = scene(new Float32Array(channels * samples).fill(1), {}, channels);
    await expect(refused).rejects.toThrow(SignalError);
    await expect(refused).rejects.toThrow(message);
  });

  it('that are flat are refused by name, unless allowed', async () => {
    const flat = record.slice();
    leadOf(flat, 6).fill(0.3);
    await expect(scene(flat)).rejects.toThrow(SignalError);
    await expect(scene(flat)).rejects.toThrow(/lead V1 flat/);
    expect((await scene(flat, { flatLeads: 'allow' })).every(Number.isFinite)).toBe(true);
  });
});

describe('records', () => {
  it('in µV, or as raw counts, are refused, and converted if their unit is said', async () => {
    const expected = await scene(record);
    const counts = record.map((value) => value * 1000);
    await expect(scene(counts)).rejects.toThrow(SignalError);
    await expect(scene(counts)).rejects.toThrow(/looks like µV or a converter's raw counts/);
    for (const units of ['uV', 'µV', 1000]) expectClose('µV', await scene(counts, { units }), expected);
    expectClose(
      'V',
      await scene(
        record.map((value) => value / 1000),
        { units: 'V' },
      ),
      expected,
    );
    // Each lead is scaled by its range, so that units do not matter where they are not checked.
    expectClose('any', await scene(counts, { units: 'any' }), expected);
    await expect(scene(counts, { units: 2 })).rejects.toThrow(/check units 2/);
  });

  it('of 3 s, and with gaps, are refused', async () => {
    await expect(scene(new Float32Array(12 * 1500).fill(1))).rejects.toThrow(/2500 samples or more: 1500 samples/);
    const gap = record.slice();
    gap[7] = NaN;
    await expect(scene(gap)).rejects.toThrow(/NaN in signal 0 at sample 7/);
  });

  it('of 5 s at any rate are long enough', async () => {
    for (const inputRate of [100, 128, 257, 1000, 121, 499.31, 600.615, 100.5]) {
      const signal = Float32Array.from({ length: 12 * Math.ceil(5 * inputRate) }, (_, index) => Math.sin(index * 0.1));
      expect((await scene(signal, { inputRate })).length).toBe(64);
    }
  });

  it('are windowed for timestamps, which lie inside them', async () => {
    const embedder = await plugin.loadModel(fixture('hf'), { hop: 2.5 });
    const { timestamps, data, timestampCount } = await getTimestampEmbeddings(signalBatch([record], 12), embedder);
    expect([...timestamps]).toEqual([2500, 5000, 7500]);
    const windows = [data.subarray(0, 64), data.subarray(128)];
    const { data: mean } = await getSceneEmbeddings(signalBatch([record], 12), embedder);
    await embedder.dispose();
    expect(timestampCount).toBe(3);
    expectClose(
      'mean',
      windows[0].map((value, index) => (value + windows[1][index]) / 2),
      mean,
    );
  });
});

describe('steps', () => {
  it('can be switched off for records that went through them', async () => {
    const prepared = readNpy(fixture('synthetic.500hz.npy')).data;
    expectClose('prepared', await scene(prepared, { filter: false, scale: false, units: 'any' }), await scene(record));
    const unscaled = await scene(record, { scale: false });
    expect(Math.max(...unscaled.map((value, index) => Math.abs(value - prepared[index])))).toBeGreaterThan(0.01);
    const slow = Float32Array.from({ length: 12 * 500 }, (_, index) => Math.sin(index * 0.1));
    expect((await scene(slow, { resample: false, decimate: false })).length).toBe(64);
    expect((await scene(record, { decimate: false })).length).toBe(64);
  });
});

const badOptions: [LoadOptions, RegExp][] = [
  [{ windows: 'last' }, /windows "last"/],
  [{ hop: 9 }, /hop 9/],
  [{ inputRate: 90 }, /too low for a band-pass filter up to 47 Hz/],
  [{ inputRate: 250, resample: false }, /not 500 Hz, with resample false/],
  [{ filter: 'no' }, /neither true nor false/],
  [{ units: 'counts' }, /no such unit/],
  [{ leads: ['I', 'I'] }, /I twice/],
  [{ leads: ['I', 'MLII'] }, /"MLII", which is not one of the model's leads/],
  [{ flatLeads: 'skip' }, /refuse or allow/],
  [{ model: 'bas' }, /did you mean 'base'/],
];

describe('options', () => {
  it.each(badOptions)('%j are refused', async (options, message) => {
    const loading = plugin.loadModel(fixture('hf'), options);
    await expect(loading).rejects.toThrow(OptionError);
    await expect(loading).rejects.toThrow(message);
  });
});
