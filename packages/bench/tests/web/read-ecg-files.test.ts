import { readFileSync } from 'node:fs';
import { standardLeads } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../src/files/npy.js';
import { readEcgFiles } from '../../src/web/ecg/read-ecg-files.js';
import { fixture } from '../ecg/ecg-files.js';

const fixtureFile = (name: string, as = name) => new File([readFileSync(fixture(name))], as);
const expected = readNpy(readFileSync(fixture('synthetic.input.npy'))).data;

/** Eight samples of 12 leads as CSV, the leads in the reverse of their usual order. */
const table = [
  ['time', ...standardLeads.toReversed()].join(','),
  ...Array.from({ length: 8 }, (_, row) =>
    [row / 250, ...standardLeads.map((_lead, lead) => row + (11 - lead) / 100)].join(','),
  ),
].join('\n');

describe('readEcgFiles', () => {
  it('reads records of all kinds, in the order of their files', async () => {
    const array = new File([writeNpy(expected, [12, expected.length / 12]).slice()], 'array.npy');
    const files = [new File([table], 'table.csv'), fixtureFile('synthetic.dat'), array, fixtureFile('synthetic.hea')];
    const records = await readEcgFiles(files);
    expect(records.map(({ name, sampleRate }) => [name, sampleRate])).toEqual([
      ['table.csv', 250],
      ['array.npy', 500],
      ['synthetic.hea', 500],
    ]);
    expect(records[1].signal).toEqual(expected);
    expect(records[2].signal).toEqual(expected);
    expect(records[2].leads).toHaveLength(12);
    // The leads are found by name.
    expect(records[0].leads).toEqual([...standardLeads]);
    for (let lead = 0; lead < 12; lead += 1) expect(records[0].signal[lead * 8 + 3]).toBeCloseTo(3 + lead / 100, 5);
  });

  it('takes the leads and the rate that it is told, and fills or refuses gaps', async () => {
    const short = new File(['II,V1\n0.5,1\n,2\n0.5,3'], 'short.csv');
    const [{ leads, signal, warnings }] = await readEcgFiles([short], { leads: ['V1', 'II'], sampleRate: 100 });
    expect(leads).toEqual(['V1', 'II']);
    expect([...signal].slice(0, 4)).toEqual([1, 2, 3, 0.5]);
    expect(signal[4]).toBeCloseTo(7 / 5, 5);
    expect(warnings.join()).toMatch(/1 missing values.*lead II/);
    await expect(readEcgFiles([short], { leads: ['II'], sampleRate: 100, gaps: 'refuse' })).rejects.toThrow(/missing/);
    await expect(readEcgFiles([short], { sampleRate: 100 })).rejects.toThrow(/12 leads .*'short\.csv': no I, III/);
  });

  it('finds signal files whatever their case, but never outside the list', async () => {
    const [record] = await readEcgFiles([fixtureFile('synthetic.hea'), fixtureFile('synthetic.dat', 'SYNTHETIC.DAT')]);
    expect(record.signal).toEqual(expected);
    await expect(readEcgFiles([fixtureFile('synthetic.hea')])).rejects.toThrow(/no file 'synthetic\.dat' beside it/);
    const hostile = new File(['r 1 100 4\n../secret.dat 16 200/mV'], 'r.hea');
    await expect(readEcgFiles([hostile], { leads: ['signal 1'] })).rejects.toThrow(/no plain file name/);
  });

  it.each([
    ['a signal without its header', new File(['....'], 'r.dat'), /no header \(\.hea\).*both files/],
    ['another format', new File(['....'], 'r.edf'), /text that does not begin as EDF or BDF does/],
    ['no format', new File(['....'], 'record'), /text, which is no ECG; pass WFDB/],
    [
      'too large a table',
      { name: 'r.csv', size: 2 ** 27, slice: () => new Blob(['I,II']) } as unknown as File,
      /134217728 bytes, over the limit/,
    ],
    ['no array', new File(['....'], 'r.npy'), /'r\.npy'.*\.npy file/],
  ])('refuses %s', async (_name, file, message) => {
    await expect(readEcgFiles([file])).rejects.toThrow(message);
  });
});
