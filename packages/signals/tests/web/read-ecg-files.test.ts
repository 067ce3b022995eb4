import { readFileSync } from 'node:fs';
import { standardLeads } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../src/npy.js';
import { ecgRecordsOf, readEcgFiles } from '../../src/web/read-ecg-files.js';
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
    await expect(readEcgFiles([fixtureFile('synthetic.hea')])).rejects.toThrow(/no file 'synthetic\.dat' next to it/);
    const hostile = new File(['r 1 100 4\n../secret.dat 16 200/mV'], 'r.hea');
    await expect(readEcgFiles([hostile], { leads: ['signal 1'] })).rejects.toThrow(/not a plain file name/);
  });

  it.each([
    ['a signal without its header', new File(['....'], 'r.dat'), /no header \(\.hea\).*both files/],
    ['another format', new File(['....'], 'r.edf'), /text that does not begin like EDF or BDF/],
    ['no format', new File(['....'], 'record'), /text, which is not an ECG; pass WFDB/],
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

describe('ecgRecordsOf', () => {
  const text = (name: string, ...lines: string[]) => new File([lines.join('\n')], name);
  const header = (name: string, part: string) =>
    text(`${name}.hea`, `${name} 1 250 4`, `${part} 16 200/mV 16 0 0 0 0 I`);
  const samples = (name: string) => new File([Int16Array.of(0, 200, 400, 600)], name);
  const namesOf = async (files: readonly File[]) =>
    (await ecgRecordsOf(files)).map((record) => record.map(({ name }) => name));

  it('gives each record its own parts, and whatever is part of none alone', async () => {
    const files = [
      header('a', 'a.dat'),
      header('b', 'B.MAT'),
      samples('b.mat'),
      samples('stray.dat'),
      text('t.csv', 'I,II'),
      samples('a.dat'),
      text('a.atr', 'notes'),
    ];
    expect(await namesOf(files)).toEqual([['a.hea', 'a.dat', 'a.atr'], ['b.hea', 'b.mat'], ['stray.dat'], ['t.csv']]);
    const reading = (await ecgRecordsOf(files)).map(async (record) => readEcgFiles(record, { leads: ['I'] }));
    const read = await Promise.allSettled(reading);
    expect(read.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  });

  it('follows a record of segments to the signal files of its segments', async () => {
    const files = [
      samples('late.dat'),
      header('m_2', 'late.dat'),
      text('m.hea', 'm/2 1 250 8', 'm_1 4', 'm_2 4'),
      header('m_1', 'm_1.dat'),
      samples('m_1.dat'),
      header('other', 'late.dat'),
    ];
    const records = await ecgRecordsOf(files);
    expect(records.map((record) => record.map(({ name }) => name))).toEqual([
      ['m.hea', 'm_1.hea', 'm_2.hea', 'm_1.dat', 'late.dat'],
      ['other.hea', 'late.dat'],
    ]);
    const [{ name, signal }] = await readEcgFiles(records[0], { leads: ['I'] });
    expect(name).toBe('m.hea');
    expect([...signal]).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it('loses no file: neither a damaged header nor headers that name each other', async () => {
    expect(await namesOf([text('r.hea', 'no header'), samples('r.dat')])).toEqual([['r.hea', 'r.dat']]);
    const loop = [text('x.hea', 'x/1 1 250 4', 'y 4'), text('y.hea', 'y/1 1 250 4', 'x 4')];
    expect(await namesOf(loop)).toEqual([['x.hea', 'y.hea']]);
  });

  it('keeps folders apart', async () => {
    const inFolder = (file: File, folder: string) =>
      Object.defineProperty(file, 'webkitRelativePath', { value: `${folder}/${file.name}` });
    const files = [
      inFolder(header('r', 'r.dat'), 'one'),
      inFolder(header('r', 'r.dat'), 'two'),
      inFolder(samples('r.dat'), 'two'),
    ];
    expect(await ecgRecordsOf(files)).toEqual([[files[0]], [files[1], files[2]]]);
  });
});
