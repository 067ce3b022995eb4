import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { readNpy } from '@hearken/signals';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

/** A record with made-up weights in the published layout, and what PyTorch makes of them. */
const fixtures = fileURLToPath(new URL('../../../plugins-hubert-ecg/tests/fixtures/', import.meta.url));
const fixture = (name: string) => join(fixtures, name);
const model = ['--model', 'hubert-ecg', '--checkpoint', fixture('hubert_ecg_tiny.pt'), '--threads', '1'];

const temporaryFolder = temporaryFolders();
let folder: string;
let out: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder, 'scene.npy');
});

async function load(path: string) {
  return readNpy(await readFile(path), path);
}

/** `max|a-b| <= 1e-4 + 1e-3 max|b|`, for one row. */
function expectClose(found: Float32Array, expected: Float32Array): void {
  const difference = found.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index])), 0);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(found).toHaveLength(expected.length);
  expect(difference).toBeLessThanOrEqual(1e-4 + 1e-3 * largest);
}

/** The fixture's samples as a record that was taken at another rate. */
async function relabelledRecord(rate: number): Promise<string> {
  const header = await readFile(fixture('synthetic.hea'), 'utf8');
  const path = join(folder, `at-${rate}.hea`);
  await writeFile(path, header.replace('synthetic 12 500', `at-${rate} 12 ${rate}`));
  await copyFile(fixture('synthetic.dat'), join(folder, 'synthetic.dat'));
  return path;
}

describe('hearken embed on ECG records', () => {
  it('gives what PyTorch gives for a WFDB record', async () => {
    const record = fixture('synthetic.hea');
    const mean = await hearken('embed', record, ...model, '--out', out);
    expect(mean).toMatchObject({ status: 0, out: `${out}: float32 [1, 64]\n` });
    expectClose((await load(out)).data, (await load(fixture('synthetic.scene-mean.npy'))).data);
    await hearken('embed', record, ...model, '--options', '{"windows":"first"}', '--out', out);
    expectClose((await load(out)).data, (await load(fixture('synthetic.scene.npy'))).data);
  });

  it('loads the model at the rate of the record, and of an array', async () => {
    const record = await relabelledRecord(250);
    expect(await hearken('embed', record, ...model, '--out', out)).toMatchObject({ status: 0 });
    const atItsRate = (await load(out)).data;
    await hearken('embed', record, ...model, '--options', '{"inputRate":250}', '--out', out);
    expect((await load(out)).data).toEqual(atItsRate);
    const input = [fixture('synthetic.input.npy'), '--sample-rate', '250'];
    await hearken('embed', ...input, ...model, '--out', out);
    expectClose((await load(out)).data, atItsRate);
    // Resampled to another rate first, it is another signal to the filters, though nearly the same one.
    await hearken('embed', record, ...model, '--options', '{"inputRate":500}', '--out', out);
    expect((await load(out)).data).not.toEqual(atItsRate);
  });

  it('refuses records of different rates unless told one for all', async () => {
    const files = [fixture('synthetic.hea'), await relabelledRecord(250)];
    const { status, err } = await hearken('embed', ...files, ...model, '--out', out);
    expect(status).toBe(2);
    expect(err).toMatch(/same sample rate as the first, 500 Hz.*\n.*at-250\.hea' with 250 Hz\n.*"inputRate":500/);
    const told = await hearken('embed', ...files, ...model, '--options', '{"inputRate":500}', '--out', out);
    expect(told).toMatchObject({ status: 0 });
    expect((await load(out)).shape).toEqual([2, 64]);
  });

  it('reads a CSV, and tells what it made of gaps', async () => {
    const { data } = await load(fixture('synthetic.input.npy'));
    const samples = data.length / 12;
    const leads = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
    const order = leads.map((_, lead) => leads.length - 1 - lead);
    const rows = Array.from({ length: samples }, (_, sample) =>
      order.map((lead) => (sample === 7 && lead === 3 ? '' : data[lead * samples + sample])).join(','),
    );
    const file = join(folder, 'record.csv');
    await writeFile(file, [order.map((lead) => leads[lead]).join(','), ...rows].join('\n'));
    const { status, err } = await hearken('embed', file, ...model, '--sample-rate', '500', '--out', out);
    expect([status, err]).toEqual([0, expect.stringMatching(/record\.csv: 1 missing values .* lead aVR/)]);
    expectClose((await load(out)).data, (await load(fixture('synthetic.scene-mean.npy'))).data);
  });

  it('refuses a missing lead, and a model of audio', async () => {
    const file = join(folder, 'few.csv');
    await writeFile(file, 'I,II\n1,2\n1,2\n');
    const few = await hearken('embed', file, ...model, '--sample-rate', '500', '--out', out);
    expect([few.status, few.err]).toEqual([2, expect.stringMatching(/no V1, V2, V3/)]);
    const audio = await hearken('embed', fixture('synthetic.hea'), '--model', fakePlugin, '--out', out);
    expect([audio.status, audio.err]).toEqual([2, expect.stringMatching(/an ECG for an audio model/)]);
  });
});
