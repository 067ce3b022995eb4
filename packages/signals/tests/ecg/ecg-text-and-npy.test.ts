import { join } from 'node:path';
import { AudioError, HearkenError, standardLeads } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEcgCsv } from '../../src/ecg/parse-ecg-csv.node.js';
import { parseEcgNpy } from '../../src/ecg/parse-ecg-npy.js';
import { readEcgFile } from '../../src/ecg/read-ecg-file.node.js';
import { writeNpy } from '../../src/npy.js';
import { fixture, withFiles } from './ecg-files.js';

describe('ECG as CSV', () => {
  it('takes the rate from the time column, units from names, and leaves counting columns out', () => {
    const text = '\uFEFFsample;time (ms);I;V1 (uV);aVR_V\n0;0;1;500;0.001\n1;2;-1;;-0.002\n2;4;0.5;NaN;0\n';
    const { leads, sampleRate, signal } = parseEcgCsv(text, 'x.csv');
    expect(leads).toEqual(['I', 'V1', 'aVR']);
    expect(sampleRate).toBe(500);
    expect([...signal]).toEqual([1, -1, 0.5, 0.5, NaN, NaN, 1, -2, 0]);
  });

  it('keeps every value, for any number of leads', () => {
    const row = (leads: number) =>
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: leads, maxLength: leads });
    const table = fc.integer({ min: 1, max: 5 }).chain((leads) => fc.array(row(leads), { minLength: 2, maxLength: 9 }));
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t'), (rows, delimiter) => {
        const header = rows[0].map((_, index) => `V${index}`);
        const text = [header, ...rows].map((cells) => cells.join(delimiter)).join('\n');
        const { signal } = parseEcgCsv(text, 'x.csv', 100);
        expect([...signal].map((value) => value + 0)).toEqual(
          header.flatMap((_, lead) => rows.map((cells) => Math.fround(cells[lead]) + 0)),
        );
      }),
    );
  });

  it('never fails but with an AudioError', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'I,V1;\n"\t.5-e()time '), maxLength: 60 }), (text) => {
        try {
          const { leads, signal } = parseEcgCsv(text, 'x.csv', 100);
          expect(signal.length).toBeGreaterThanOrEqual(2 * leads.length);
        } catch (error) {
          expect(error).toBeInstanceOf(AudioError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['no rate', 'I,II\n1,2\n3,4', /no sample rate/],
    ['uneven times', 'time,I\n0,1\n1,2\n9,3', /equal steps/],
    ['no header', '1,2\n3,4\n5,6', /header line of lead names/],
    ['a word', 'I,II\n1,2\n3,x', /"x" in row 3, column II/],
    ['commas that may stand between thousands', 'I;II\n1;2\n3;4,500', /decimal commas or thousands separators/],
    ['points and decimal commas', 'I;II\n1.5;2\n3;4,5', /decimal commas or thousands separators/],
    ['a decimal comma between commas', 'I,II\n1,2\n"3,5",4', /"3,5" in row 3, column I/],
    ['a row that is too short', 'I,II\n1,2\n3', /1 cells in line 3 under 2 columns/],
    ['another unit', 'I (mmHg)\n1\n2', /no ECG signal: I in mmHg/],
    [
      'times of no unit that make no rate of an ECG',
      'time,I\n0,1\n4,2\n8,3',
      /in an unknown unit; in seconds.* 0\.25 Hz/,
    ],
    ['times without parts of a second', 'time,I\n0:00,1\n0:00,2\n0:01,3\n0:01,4', /too coarse to determine/],
    ['times that stand still', 'time,I\n1,1\n1,2\n1,3', /times that do not rise/],
    ['times that are none', 'time,I\nx,1\ny,2\nz,3', /"x" as a time/],
    ['a quotation mark without an end', '"I,II\n1,2\n3,4', /a quotation mark that is never closed/],
    ['one row', 'I,II\n1,2', /1 rows of samples/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseEcgCsv(text, 'x.csv')).toThrow(AudioError);
    expect(() => parseEcgCsv(text, 'x.csv')).toThrow(message);
  });
});

describe('ECG as a NumPy array', () => {
  it("is read in HuBERT-ECG's layout, at 500 Hz unless said otherwise", async () => {
    const record = await readEcgFile(fixture('synthetic.input.npy'));
    expect(record.leads).toEqual([...standardLeads]);
    expect(record.sampleRate).toBe(500);
    expect(record.warnings).toEqual([expect.stringMatching(/does not contain its sample rate: 500 Hz was assumed/)]);
    const told = await readEcgFile(fixture('synthetic.input.npy'), { sampleRate: 100 });
    expect([told.sampleRate, told.warnings]).toEqual([100, []]);
  });

  it('that was scaled to [-1, 1] gets a warning', () => {
    const scaled = Float32Array.from({ length: 36 }, (_, index) => (index % 3) - 1);
    expect(parseEcgNpy(writeNpy(scaled, [12, 3]), 'x.npy').warnings.join(' ')).toMatch(/looks preprocessed/);
  });

  it.each([[[11, 4]], [[13, 4]], [[4, 12]], [[12]], [[1, 12, 4]], [[12, 0]]])('refuses the shape %j', (shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    expect(() => parseEcgNpy(writeNpy(new Float32Array(size), shape), 'x.npy')).toThrow(AudioError);
  });

  it('never fails but with an error of its own, whatever the bytes', () => {
    const start = writeNpy(new Float32Array(24), [12, 2]);
    fc.assert(
      fc.property(
        fc.nat(start.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(start.length),
        (at, byte, length) => {
          const bytes = start.slice(0, length);
          if (at < length) bytes[at] = byte;
          try {
            parseEcgNpy(bytes, 'x.npy');
          } catch (error) {
            expect(error).toBeInstanceOf(HearkenError);
          }
        },
      ),
    );
  });
});

describe('readEcgFile', () => {
  it('warns of a record that cannot be in mV, whatever its offset', async () => {
    const rows = (scale: number, offset: number) =>
      [
        'I,II',
        ...Array.from({ length: 50 }, (_, row) => `${(row % 10 === 0 ? scale : 0) + offset},${0.1 + offset}`),
      ].join('\n');
    const files = { 'uv.csv': rows(2100, 0), 'offset.csv': rows(2, 300), 'gap.csv': `${rows(2100, 0)}\n,1` };
    await withFiles(files, async (folder) => {
      const warnings = async (name: string, gaps?: 'keep') =>
        (await readEcgFile(join(folder, name), { sampleRate: 100, gaps })).warnings;
      expect(await warnings('uv.csv')).toEqual([
        "The peak is 1890 mV from the mean, over 20 mV in lead I: is it in µV, a converter's counts, or an artefact?",
      ]);
      expect(await warnings('offset.csv')).toEqual([]);
      expect(await warnings('gap.csv', 'keep')).toEqual([expect.stringMatching(/over 20 mV in lead I:/)]);
    });
  });

  it('computes III, aVR, aVL and aVF from I and II, and says so', async () => {
    const asked = ['aVF', 'V1', 'aVL', 'lead III', 'AVR', 'II'];
    await withFiles({ 'few.csv': 'V1,II,I\n5,3,1\n6,-1,0.5' }, async (folder) => {
      const record = await readEcgFile(join(folder, 'few.csv'), { leads: asked, sampleRate: 100 });
      const { leads, signal, warnings, warningReasons } = record;
      expect(warningReasons).toEqual(['computed-leads']);
      expect(leads).toEqual(asked);
      expect([...signal]).toEqual([2.5, -1.25, 5, 6, -0.5, 1, 2, -1.5, -2, 0.25, 3, -1]);
      expect(warnings).toEqual([
        'Lead aVF, aVL, lead III, AVR are not in the file and were computed from I and II: aVF = II - I/2 (Goldberger), aVL = I - II/2 (Goldberger), III = II - I (Einthoven), aVR = -(I + II)/2 (Goldberger).',
      ]);
    });
  });

  it('suggests names that it did not understand, and never those of other leads', async () => {
    const files = { 'few.csv': 'I,II\n1,2\n2,1', 'odd.csv': 'I,II,V11\n1,2,3\n2,1,3' };
    await withFiles(files, async (folder) => {
      const read = (name: string) => readEcgFile(join(folder, name), { leads: ['I', 'V1'], sampleRate: 100 });
      await expect(read('few.csv')).rejects.toThrow(/no V1 among its 2 \(I, II\); choose/);
      await expect(read('odd.csv')).rejects.toThrow(/did you mean 'V11'\?/);
    });
    await withFiles({ 'one.csv': 'II,V1\n1,2\n2,1' }, async (folder) => {
      const read = readEcgFile(join(folder, 'one.csv'), { leads: ['III'], sampleRate: 100 });
      await expect(read).rejects.toThrow(/no III among its 2/);
    });
  });

  it('refuses what it cannot read, with what to do', async () => {
    await expect(readEcgFile('/no/such/record.hea')).rejects.toThrow(/no such file/);
    await expect(readEcgFile('record')).rejects.toThrow(/no such file/);
    const files = { 'x.csv': 'I,II\n,2\n,4', 'x.edf': '....', record: '....', 'x.dat': '....' };
    await withFiles(files, async (folder) => {
      await expect(readEcgFile(folder)).rejects.toThrow(AudioError);
      await expect(readEcgFile(join(folder, 'x.edf'))).rejects.toThrow(/text that does not begin like EDF or BDF/);
      await expect(readEcgFile(join(folder, 'record'))).rejects.toThrow(/text, which is not an ECG; pass WFDB/);
      await expect(readEcgFile(join(folder, 'x.dat'))).rejects.toThrow(/no header \(\.hea\) next to it/);
      await expect(readEcgFile(join(folder, 'x.csv'), { sampleRate: 100 })).rejects.toThrow(/no values in lead I/);
      await expect(readEcgFile(join(folder, 'x.csv'), { sampleRate: -1 })).rejects.toThrow(/not a sample rate/);
    });
  });
});
