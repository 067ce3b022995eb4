import { join } from 'node:path';
import { AudioError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEcgCsv } from '../../src/ecg/parse-ecg-csv.node.js';
import { readEcgFile } from '../../src/ecg/read-ecg-file.node.js';
import { withFiles } from './ecg-files.js';

/** Rows of two leads at times that `timeAt` writes. */
function timed(rows: number, timeAt: (row: number) => string): string {
  return Array.from({ length: rows }, (_, row) => `${timeAt(row)},${row % 7},${row % 5}`).join('\n');
}

/** `hh:mm:ss.mmm` */
function clock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 23);
}

const elapsed = "'Elapsed time','I','II'\n'hh:mm:ss.mmm','mV','mV'";
const untilMidnight = 86_399_000;
const day = Date.UTC(2020, 1, 28, 23, 59, 59);

describe('times of an ECG as CSV', () => {
  it.each<[string, string, (row: number) => string, number]>([
    ['seconds', 'time,I,II', (row) => (row / 500).toFixed(3), 500],
    ['seconds of a rate that no decimals hold', 'time,I,II', (row) => (row / 360).toFixed(3), 360],
    ['seconds of a rate that is no whole number', 'Time (s),I,II', (row) => (row / 499.31).toFixed(6), 499.31],
    ['milliseconds by the name of the column', 'time_ms,I,II', (row) => String(row * 4), 250],
    ['milliseconds in brackets', 'Elapsed time [ms],I,II', (row) => String(row * 4), 250],
    ['milliseconds alone', 'ms,I,II', (row) => String(row * 2.5), 400],
    ['microseconds', 'timestamp_us,I,II', (row) => String(row * 2000), 500],
    ['milliseconds since 1970', 'timestamp,I,II', (row) => String(1_609_459_200_000 + row * 4), 250],
    ['minutes and seconds', elapsed, (row) => `'0:${(row / 200).toFixed(3).padStart(6, '0')}'`, 200],
    ['a time of day, over midnight', 'Time,I,II', (row) => clock(untilMidnight + row * 4), 250],
    ['a date and a time', 'datetime,I,II', (row) => new Date(day + row * 4).toISOString(), 250],
    [
      'the same with a blank',
      'date time,I,II',
      (row) => new Date(day + row * 4).toISOString().replace(/[TZ]/g, ' '),
      250,
    ],
    ['a time and a date', "'Time and date','I','II'", (row) => `'[${clock(36_000_000 + row * 4)} 31/12/2003]'`, 250],
  ])('are read from %s', (_what, header, timeAt, rate) => {
    const { leads, sampleRate, signal } = parseEcgCsv(`${header}\n${timed(600, timeAt)}`, 'x.csv');
    expect(leads).toEqual(['I', 'II']);
    expect(sampleRate).toBeCloseTo(rate, 2);
    if (Number.isInteger(rate)) expect(sampleRate).toBe(rate);
    expect([...signal.subarray(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 0]);
  });

  it('are compared with a rate that is passed, which counts', () => {
    const text = `time,I,II\n${timed(600, (row) => (row / 500).toFixed(3))}`;
    expect(parseEcgCsv(text, 'x.csv', 500).warnings).toEqual([]);
    const { sampleRate, warnings } = parseEcgCsv(text, 'x.csv', 250);
    expect([sampleRate, warnings]).toEqual([250, ['Its times give 500 Hz, but 250 Hz was passed and is used.']]);
  });
});

describe('CSVs of other programs', () => {
  const both = [1, 2, 3, Math.fround(0.5), Math.fround(-0.5), 0];

  it.each([
    ['a line of units', 'I,II\nmV,uV\n1,500\n2,-500\n3,0'],
    ['single quotes', "'I','II (uV)'\n1,500\n2,-500\n3,0"],
    ['double quotes', '"I","II (µV)"\n"1","500"\n"2","-500"\n"3","0"'],
    ['comments', '# recorded today, at noon\n\nI,II_uV\n1,500\n2,-500\n# the end\n3,0'],
    ['columns that count', 'Unnamed: 0,sample #,I,II (uV)\n7,0,1,500\n8,1,2,-500\n9,2,3,0'],
    ['decimal commas', 'I;II [uV]\n1,0;500,0\n2,0;-500,0\n3;0'],
    ["Excel's line for the delimiter", 'sep=;\nI;II [uV]\n1,0;500\n2;-500\n3;0'],
    ['tabs', 'I\tII [uV]\n1\t500\n2\t-500\n3\t0'],
    ['notes beside the samples', 'I,beat,II (uV)\n1,N,500\n2,,-500\n3,V,0'],
    ['line ends of old Macintoshes', 'I,II (uV)\r1,500\r2,-500\r3,0'],
  ])('are read with %s', (_what, text) => {
    const { leads, signal } = parseEcgCsv(text, 'x.csv', 100);
    expect(leads).toEqual(['I', 'II']);
    expect([...signal]).toEqual(both);
  });

  it('take - for a gap, as the WFDB software writes it', () => {
    expect([...parseEcgCsv('I,II\n1,-\n-,2', 'x.csv', 100).signal]).toEqual([1, NaN, NaN, 2]);
  });

  it('may have anything in columns that are not asked for', async () => {
    const text = 'I,note,II\n1,a b,3\n2,7,4';
    expect(parseEcgCsv(text, 'x.csv', 100, ['II', 'I']).leads).toEqual(['II', 'I']);
    expect(() => parseEcgCsv(text, 'x.csv', 100)).toThrow(/"a b" in row 2, column note/);
    await withFiles({ 'x.csv': Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]) }, async (folder) => {
      const { signal } = await readEcgFile(join(folder, 'x.csv'), { leads: ['I', 'II'], sampleRate: 100 });
      expect([...signal]).toEqual([1, 2, 3, 4]);
    });
  });

  it('give an error of ours or a record, whatever stands in them', () => {
    const piece = fc.constantFrom(
      ...[
        "'I'",
        'II (uV)',
        'time_ms',
        'Time',
        'mV',
        '0:00.5',
        '1,5',
        '-',
        '12:00:00',
        '#',
        'sep=;',
        '2020-01-01 0:0:1',
        '1e3',
        '"',
      ],
      ...',;\t\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          const { leads, signal, sampleRate } = parseEcgCsv(pieces.join(''), 'x.csv');
          expect(signal.length).toBeGreaterThanOrEqual(2 * leads.length);
          expect(sampleRate).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AudioError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
