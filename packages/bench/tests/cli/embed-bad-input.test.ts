import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeWav, readNpy, writeNpy } from '@hearken/signals';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const plugins = fileURLToPath(new URL('../../../', import.meta.url));
const fixtureOf = (plugin: string, name: string) => join(plugins, `plugins-${plugin}`, 'tests', 'fixtures', name);
const hubert = ['--model', 'hubert-ecg', '--checkpoint', fixtureOf('hubert-ecg', 'hubert_ecg_tiny.pt')];
const hear = ['--model', 'hear', '--checkpoint', fixtureOf('hear', '')];
const samples = 5000;

const temporaryFolder = temporaryFolders();
let folder: string;
let out: string;
let record: Float32Array;

beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder, 'scene.npy');
  const path = fixtureOf('hubert-ecg', 'synthetic.input.npy');
  record = readNpy(await readFile(path), path).data.slice();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const load = async (path: string) => readNpy(await readFile(path), path).data;
const leadOf = (lead: number) => record.subarray(lead * samples, (lead + 1) * samples);

/** Embeds an array of leads at 500 Hz. */
async function embedLeads(data: Float32Array, channels: number, options = {}): ReturnType<typeof hearken> {
  const path = join(folder, 'record.npy');
  await writeFile(path, writeNpy(data, [channels, data.length / channels]));
  const told = ['--sample-rate', '500', '--options', JSON.stringify(options), '--threads', '1'];
  return hearken('embed', path, ...hubert, ...told, '--out', out);
}

/** Cosine of the angle between two embeddings. */
function cosine(left: Float32Array, right: Float32Array): number {
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index], 0);
  return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
}

describe('an ECG', () => {
  it.each([11, 13])('of %i leads is refused', async (channels) => {
    const { status, err } = await embedLeads(new Float32Array(channels * samples).fill(1), channels);
    expect([status, err]).toEqual([
      2,
      expect.stringMatching(/12 channels.*\n?.*shape \[1[13], 5000\].*\n?.*\[12, samples\]/),
    ]);
  });

  it('with a flat lead is refused by the name of the lead, unless allowed', async () => {
    leadOf(7).fill(-0.2);
    const { status, err } = await embedLeads(record, 12);
    expect(status).toBe(2);
    expect(err).toMatch(/record\.npy/);
    expect(err).toMatch(/lead V2 flat/);
    expect(err).toMatch(/fillLeads true.*flatLeads 'allow'/);
    expect(await embedLeads(record, 12, { flatLeads: 'allow' })).toMatchObject({ status: 0 });
  });

  it('of 3 s is refused, with the samples that it takes', async () => {
    const short = new Float32Array(12 * 1500);
    for (let lead = 0; lead < 12; lead += 1) short.set(leadOf(lead).subarray(0, 1500), lead * 1500);
    const { status, err } = await embedLeads(short, 12);
    expect([status, err]).toEqual([2, expect.stringMatching(/2500 samples or more[^]*1500 samples/)]);
  });

  it('in µV or raw counts is refused, and converted if its unit is said', async () => {
    await embedLeads(record, 12);
    const expected = await load(out);
    const counts = record.map((value) => value * 1000);
    const { status, err } = await embedLeads(counts, 12);
    expect(status).toBe(2);
    expect(err).toMatch(/looks like µV or a converter's raw counts/);
    expect(err).toMatch(/units 'uV', or units as counts per mV/);
    for (const units of ['uV', 1000]) {
      expect(await embedLeads(counts, 12, { units })).toMatchObject({ status: 0 });
      expect(cosine(await load(out), expected)).toBeGreaterThan(0.999999);
    }
  });

  it('with gaps has them filled by its mean, and a warning says so', async () => {
    const mean = record.reduce((sum, value) => sum + value, 0) / record.length;
    const filled = record.slice().fill(mean, 2 * samples + 100, 2 * samples + 150);
    await embedLeads(filled, 12);
    const expected = await load(out);
    record.fill(NaN, 2 * samples + 100, 2 * samples + 150);
    const { status, err } = await embedLeads(record, 12);
    expect([status, err]).toEqual([0, expect.stringMatching(/50 missing values .* lead III were filled with .* mean/)]);
    expect(cosine(await load(out), expected)).toBeGreaterThan(0.9999);
  });

  it('with a lead that is one gap is refused', async () => {
    leadOf(4).fill(NaN);
    const { status, err } = await embedLeads(record, 12);
    expect([status, err]).toEqual([2, expect.stringMatching(/no values in lead aVL/)]);
  });

  it('as EDF that is cut short is refused', async () => {
    const path = join(folder, 'record.edf');
    await writeFile(path, '0       ');
    const { status, err } = await hearken('embed', path, ...hubert, '--out', out);
    expect(status).toBe(2);
    expect(err).toMatch(/record\.edf/);
    expect(err).toMatch(/EDF or BDF file .*a header truncated at 8 of 256 bytes/s);
  });
});

describe('audio of 44.1 kHz', () => {
  it('is resampled: it gives what the same sound at 16 kHz gives', async () => {
    const sound = (rate: number) =>
      Float32Array.from({ length: 2 * rate }, (_, index) => {
        const time = index / rate;
        return 0.4 * Math.sin(2 * Math.PI * (300 * time + 400 * time ** 2)) * Math.sin(Math.PI * 3 * time) ** 2;
      });
    const embeddings: Float32Array[] = [];
    for (const rate of [16_000, 44_100]) {
      const path = join(folder, `${rate}.wav`);
      await writeFile(path, encodeWav(sound(rate), rate));
      expect(await hearken('embed', path, ...hear, '--threads', '1', '--out', out)).toMatchObject({ status: 0 });
      embeddings.push(await load(out));
    }
    // Bare samples of 44.1 kHz, said to be 16 kHz, are another sound.
    const path = join(folder, 'mistaken.npy');
    await writeFile(path, writeNpy(sound(44_100), [1, 88_200]));
    await hearken('embed', path, ...hear, '--sample-rate', '16000', '--threads', '1', '--out', out);
    const distance = (other: Float32Array) => 1 - cosine(embeddings[0], other);
    expect(distance(embeddings[1])).toBeLessThan(0.05 * distance(await load(out)));
  });
});

describe('a checkpoint of another plugin', () => {
  it.each([
    ['hear', fixtureOf('hubert-ecg', 'hubert_ecg_tiny.pt'), /looks like a HuBERT model.*\n?.*'hubert-ecg'/],
    ['hubert-ecg', fixtureOf('hear', ''), /looks like HeAR.*\n?.*'hear'/],
    ['patchmix', fixtureOf('efficientat', 'mn01_as.pt'), /looks like an EfficientAT network.*\n?.*'efficientat'/],
  ])('is refused by %s, with what it looks like', async (model, checkpoint, message) => {
    const path = join(folder, 'clip.wav');
    await writeFile(path, encodeWav(new Float32Array(16_000).fill(0.1), 16_000));
    const { status, err } = await hearken('embed', path, '--model', model, '--checkpoint', checkpoint, '--out', out);
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('a gated model without a checkpoint', () => {
  it('says how to get one', async () => {
    vi.stubEnv('HEARKEN_MODELS', join(folder, 'models'));
    const path = join(folder, 'clip.wav');
    await writeFile(path, encodeWav(new Float32Array(16_000).fill(0.1), 16_000));
    const { status, err } = await hearken('embed', path, '--model', 'hear', '--out', out);
    expect([status, err]).toEqual([2, expect.stringMatching(/hearken pull hear/)]);
  });
});

describe('several files of which some cannot be read', () => {
  const embed = (names: readonly string[], ...more: string[]) =>
    hearken('embed', ...names.map((name) => join(folder, name)), ...hubert, '--threads', '1', '--out', out, ...more);

  beforeEach(async () => {
    const csv = ['I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6'];
    for (let sample = 0; sample < samples; sample += 1) {
      csv.push(Array.from({ length: 12 }, (_, lead) => record[lead * samples + sample].toFixed(4)).join(','));
    }
    await writeFile(join(folder, 'good.csv'), csv.join('\n'));
    await writeFile(join(folder, 'empty.csv'), '');
  });

  it('are refused by the name of the first, or skipped by name', async () => {
    const names = ['missing.csv', 'good.csv', 'empty.csv'];
    const refused = await embed(names, '--sample-rate', '500');
    expect([refused.status, refused.err]).toEqual([2, expect.stringMatching(/missing\.csv/)]);
    const { status, err } = await embed(names, '--sample-rate', '500', '--skip-unreadable');
    expect([status, err]).toEqual([0, expect.stringMatching(/missing\.csv: skipped.*empty\.csv: skipped/s)]);
    expect(readNpy(await readFile(out), out).shape[0]).toBe(1);
  });

  it('are an error where none can be read', async () => {
    const { status, err } = await embed(['missing.csv', 'empty.csv'], '--sample-rate', '500', '--skip-unreadable');
    expect([status, err]).toEqual([2, expect.stringMatching(/csv/)]);
  });

  it('are no standard input', async () => {
    const { status, err } = await hearken('embed', '-', ...hubert, '--skip-unreadable', '--sample-rate', '500');
    expect([status, err]).toEqual([2, expect.stringMatching(/--skip-unreadable/)]);
  });
});
