import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AudioError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEcgFile } from '../../src/ecg/read-ecg-file.node.js';
import { readNpy } from '../../src/npy.js';
import { encodeSamples, fixture, withFiles } from './ecg-files.js';

const ranges: Readonly<Record<number, number>> = {
  16: 32_767,
  24: 8_388_607,
  32: 2_147_483_647,
  61: 32_767,
  80: 127,
  160: 32_767,
  212: 2047,
  310: 511,
  311: 511,
};

describe('WFDB records', () => {
  it('the made-up fixture has its values, rate and leads, whichever of its files is named', async () => {
    const expected = readNpy(readFileSync(fixture('synthetic.input.npy')), 'input').data;
    for (const name of ['synthetic.hea', 'synthetic.dat']) {
      const { leads, sampleRate, signal, warnings } = await readEcgFile(fixture(name));
      expect(leads.join(' ')).toBe('I II III AVR AVL AVF V1 V2 V3 V4 V5 V6');
      expect(sampleRate).toBe(500);
      expect(signal).toEqual(expected);
      expect(warnings).toEqual([]);
    }
  });

  it.each(Object.keys(ranges).map(Number))('format %i keeps every count, for any number of signals', async (format) => {
    const count = fc.integer({ min: -ranges[format], max: ranges[format] });
    const frames = fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 }))
      .chain(([signals, samples]) =>
        fc.array(fc.array(count, { minLength: signals, maxLength: signals }), {
          minLength: samples,
          maxLength: samples,
        }),
      );
    await fc.assert(
      fc.asyncProperty(frames, async (counts) => {
        const signals = counts[0].length;
        const lines = Array.from({ length: signals }, (_, index) => `r.dat ${format} 1(0)/mV 12 0 0 0 0 L${index}`);
        const sums = lines.map((line, index) => {
          const sum = counts.reduce((all, frame) => all + frame[index], 0);
          return line.replace(' 0 0 0 L', ` 0 ${((sum % 65_536) + 65_536) % 65_536} 0 L`);
        });
        const header = [`r ${signals} 100 ${counts.length}`, ...sums].join('\n');
        await withFiles({ 'r.hea': header, 'r.dat': encodeSamples(format, counts.flat()) }, async (folder) => {
          const { signal, warnings } = await readEcgFile(join(folder, 'r.hea'));
          const expected = lines.flatMap((_, index) => counts.map((frame) => Math.fround(frame[index])));
          expect([...signal]).toEqual(expected);
          // Any counts as mV: some are over what an ECG reaches.
          expect(warnings.filter((warning) => !warning.startsWith('The peak'))).toEqual([]);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('gain, baseline, units and byte offset are honoured, and other units left out', async () => {
    const header = `# a comment
r 5 250
a.dat 16+4 200(100)/mV 12 0 0 0 0 I
a.dat 16+4 2/uV 12 50 0 0 0 II
b.dat 80 0 8 0 0 0 0 V1
c.dat 16 10/mmHg 12 0 0 0 0 blood pressure
b.dat 80 1000/V`;
    const files = {
      'r.hea': header,
      'a.dat': Uint8Array.from([9, 9, 9, 9, ...encodeSamples(16, [300, 1050, 100, 50])]),
      'b.dat': encodeSamples(80, [20, 5, -20, -5]),
    };
    await withFiles(files, async (folder) => {
      const { leads, sampleRate, signal, warnings } = await readEcgFile(join(folder, 'r.hea'));
      expect(leads).toEqual(['I', 'II', 'V1', 'signal 5']);
      expect(sampleRate).toBe(250);
      const values = [1, 0, 0.5, 0, 0.1, -0.1, 5, -5];
      signal.forEach((value, index) => {
        expect(value).toBeCloseTo(values[index], 6);
      });
      expect(warnings.join(' ')).toMatch(/blood pressure in mmHg/);
      expect(warnings.join(' ')).toMatch(/V1 has no gain/);
    });
  });

  it('a gap is filled with the mean of the record, and said; or kept, or refused', async () => {
    const files = {
      'r.hea': 'r 2 100 3\nr.dat 16 1(0)/mV 16 0 0 0 0 I\nr.dat 16 1(0)/mV 16 0 0 0 0 II',
      'r.dat': encodeSamples(16, [1, 4, -32_768, 4, 1, 5]),
    };
    await withFiles(files, async (folder) => {
      const path = join(folder, 'r.hea');
      const filled = await readEcgFile(path);
      expect([...filled.signal]).toEqual([1, 3, 1, 4, 4, 5]);
      expect(filled.warnings.join(' ')).toMatch(/1 missing values \(17%\) in lead I .*mean, 3\.00 mV/);
      expect([...(await readEcgFile(path, { gaps: 'keep' })).signal]).toEqual([1, NaN, 1, 4, 4, 5]);
      await expect(readEcgFile(path, { gaps: 'refuse' })).rejects.toThrow(/missing values/);
    });
  });

  it('leads are found by name, and only the files they lie in are needed', async () => {
    const header = `r 3 100 2
r.dat 16 1(0)/mV 16 0 0 0 0 i
r.dat 16 1(0)/mV 16 0 0 0 0 Lead aVR
r.xyz 16 1(0)/mV 16 0 0 0 0 vx`;
    await withFiles({ 'r.hea': header, 'r.dat': encodeSamples(16, [1, 2, 3, 4]) }, async (folder) => {
      const path = join(folder, 'r.hea');
      const chosen = await readEcgFile(path, { leads: ['aVR', 'I'] });
      expect([...chosen.signal]).toEqual([2, 4, 1, 3]);
      const all = await readEcgFile(path);
      expect(all.leads).toEqual(['i', 'Lead aVR']);
      expect(all.warnings[0]).toMatch(/vx was left out: there is no file 'r\.xyz'/);
      await expect(readEcgFile(path, { leads: ['vx'] })).rejects.toThrow(/no file 'r\.xyz'/);
      await expect(readEcgFile(path, { leads: ['I', 'V6'] })).rejects.toThrow(/no V6 among its 3/);
    });
  });

  it('leads that follow from I and II are computed, and only the files of those are needed', async () => {
    const files = {
      'r.hea':
        'r 3 100 2\nlimb.dat 16 1(0)/mV 16 0 0 1 0 II\nlimb.dat 16 1(0)/mV 16 0 0 5 0 I\nlost.dat 16 1/mV 16 0 0 0 0 V1',
      'limb.dat': encodeSamples(16, [3, 1, -2, 4]),
    };
    await withFiles(files, async (folder) => {
      const read = await readEcgFile(join(folder, 'r.hea'), { leads: ['aVF', 'III'] });
      expect(read.leads).toEqual(['aVF', 'III']);
      expect([...read.signal]).toEqual([2.5, -4, 2, -6]);
      expect(read.warnings).toEqual([expect.stringMatching(/^Lead aVF, III are not in the file/)]);
    });
  });

  it('format 8 begins at the initial value, and sums up differences', async () => {
    const header = 'r 2 100 3\nr.dat 8 1(0)/mV 16 0 5 18 0 I\nr.dat 8 1(0)/mV 16 0 -2 0 0 II';
    const bytes = Uint8Array.from(new Uint8Array(Int8Array.of(0, 1, 1, 1, 1, -127)));
    await withFiles({ 'r.hea': header, 'r.dat': bytes }, async (folder) => {
      const { signal, warnings } = await readEcgFile(join(folder, 'r.hea'));
      expect([...signal]).toEqual([5, 6, 7, -1, 0, -127]);
      expect(warnings).toEqual([
        expect.stringMatching(/lead II do not match the checksum/),
        expect.stringMatching(/^The peak/),
      ]);
    });
  });

  it('several samples a frame are as many times the rate, and signals of another rate are said to be left out', async () => {
    const header = `r 3 100 2
r.dat 16x2 1(0)/mV 16 0 0 0 0 I
r.dat 16 1(0)/mV 16 0 0 0 0 RESP
r.dat 16x2 1(0)/mV 16 0 0 0 0 II`;
    const files = { 'r.hea': header, 'r.dat': encodeSamples(16, [1, 2, 9, 3, 4, 5, 6, 8, 7, 8]) };
    await withFiles(files, async (folder) => {
      const path = join(folder, 'r.hea');
      const all = await readEcgFile(path);
      expect([all.leads, all.sampleRate, [...all.signal]]).toEqual([['I', 'II'], 200, [1, 2, 5, 6, 3, 4, 7, 8]]);
      expect(all.warnings.join(' ')).toMatch(/another rate than 200 Hz were left out: RESP \(100 Hz\)/);
      const one = await readEcgFile(path, { leads: ['RESP'] });
      expect([one.sampleRate, [...one.signal]]).toEqual([100, [9, 8]]);
      await expect(readEcgFile(path, { leads: ['I', 'RESP'] })).rejects.toThrow(/I at 200 Hz; RESP at 100 Hz/);
    });
  });

  it('segments follow each other, with gaps where one is missing or lacks a lead', async () => {
    const files = {
      'r.hea': 'r/4 2 100 7\nr_layout 0\na 2\n~ 2\nb 3',
      'r_layout.hea': 'r_layout 2 100 0\n~ 0 1(0)/mV 16 0 0 0 0 I\n~ 0 1(0)/mV 16 0 0 0 0 II',
      'a.hea': 'a 1 100 2\na.dat 16 1(0)/mV 16 0 0 0 0 II',
      'a.dat': encodeSamples(16, [1, 2]),
      'b.hea': 'b 2 100 3\nb.dat 80 2(1)/mV 16 0 0 0 0 II\nb.dat 80 1(0)/mV 16 0 0 0 0 I',
      'b.dat': encodeSamples(80, [3, 4, 5, 6, 7, 8]),
    };
    await withFiles(files, async (folder) => {
      const { leads, signal } = await readEcgFile(join(folder, 'r.hea'), { gaps: 'keep' });
      expect(leads).toEqual(['I', 'II']);
      expect([...signal]).toEqual([NaN, NaN, NaN, NaN, 4, 6, 8, 1, 2, NaN, NaN, 1, 2, 3]);
      writeFileSync(join(folder, 'b.dat'), encodeSamples(80, [3, 4]));
      await expect(readEcgFile(join(folder, 'r.hea'))).rejects.toThrow(/3 samples per signal, but 1 in 'b\.dat'/);
    });
  });

  it('a checksum that differs is said', async () => {
    const files = { 'r.hea': 'r 1 100 2\nr.dat 16 1(0)/mV 16 0 0 99 0 I', 'r.dat': encodeSamples(16, [1, 2]) };
    await withFiles(files, async (folder) => {
      expect((await readEcgFile(join(folder, 'r.hea'))).warnings.join(' ')).toMatch(/lead I do not match the checksum/);
    });
  });
});

const refusals: [string, string, RegExp][] = [
  ['fewer lines than segments', 'r/3 1 100 2\nr.dat 16', /3 segments, and lines for 1/],
  ['a segment out of the folder', 'r/1 1 100 2\n../secret 2', /'\.\.\/secret\.hea', which is not a plain file name/],
  ['segments that are all gaps', 'r/1 1 100 2\n~ 2', /all gaps/],
  ['a gap of an absurd length', 'r/2 1 100\nr 2\n~ 999999999999999', /segment/],
  ['an unknown format', 'r 1 100 2\nr.dat 517', /format 517.*8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524/],
  ['a FLAC format of another file', 'r 1 100 2\nr.dat 516', /FLAC file 'r\.dat' that does not begin like FLAC/],
  ['a file that is too short', 'r 1 100 99\nr.dat 16', /99 samples per signal, but 2 in 'r\.dat'/],
  ['a path out of the folder', 'r 1 100 2\n../secret.dat 16', /'\.\.\/secret\.dat', which is not a plain file name/],
  ['an absolute path', 'r 1 100 2\n/etc/passwd 16', /not a plain file name/],
  ['the folder itself', 'r 1 100 2\n.. 16', /not a plain file name/],
  ['a link out of the folder', 'r 1 100 2\nlink.dat 16', /a link out of its folder/],
  ['a missing signal file', 'r 1 100 2\nelse.dat 16', /no file 'else\.dat'/],
  ['more samples a frame than there are', 'r 1 100 2\nr.dat 16x4', /2 samples per signal, but 0/],
  ['an absurd number of samples a frame', 'r 1 100 2\nr.dat 16x999999', /999999 samples per frame/],
  ['a skew past the end', 'r 1 100 2\nr.dat 16:3', /no sample/],
  ['two formats in one file', 'r 2 100 1\nr.dat 16\nr.dat 80', /formats 16 and 80/],
  ['an absurd number of samples', 'r 1 100 999999999999999\nr.dat 16', /999999999999999 samples/],
  ['an absurd number of signals', 'r 99999999 100 2\nr.dat 16', /99999999 signals/],
  ['fewer lines than signals', 'r 2 100 2\nr.dat 16', /2 signals, and lines for 1/],
  ['a gain that is none', 'r 1 100 2\nr.dat 16 abc', /gain "abc"/],
  ['an endless gain', 'r 1 100 2\nr.dat 16 1e999', /gain "1e999"/],
  ['a rate of zero', 'r 1 0 2\nr.dat 16', /rate of 0 Hz/],
  ['a line without end', `r 1 100 2\nr.dat 16 ${'1'.repeat(5000)}`, /over 4096 characters/],
  ['an empty header', '', /no record line/],
  ['no ECG at all', 'r 1 100 2\nr.dat 16 1/mmHg', /no ECG signal/],
];

describe('a WFDB record that is refused', () => {
  it.each(refusals)('for %s', async (_what, header, message) => {
    await withFiles({ 'r.hea': header, 'r.dat': encodeSamples(16, [1, 2]) }, async (folder) => {
      writeFileSync(join(folder, '..', 'secret.dat'), encodeSamples(16, [1, 2]));
      symlinkSync(join(folder, '..', 'secret.dat'), join(folder, 'link.dat'));
      const reading = readEcgFile(join(folder, 'r.hea'));
      await expect(reading).rejects.toThrow(AudioError);
      await expect(reading).rejects.toThrow(message);
    });
  });

  it('never fails otherwise, whatever its header says', async () => {
    const field = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('r.dat', 'r', '~', '8', '16x2:1', '212', '311+1', '516', '200(0)/mV', '0', '-1'),
    );
    const line = fc.array(field, { maxLength: 9 }).map((fields) => fields.join(' '));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('r 1 100 2', 'r 2 100', 'r 1', 'r/2 1 100', 'q/1 1 100 3', ''),
        fc.array(line, { maxLength: 3 }),
        async (first, rest) => {
          const header = [first, ...rest].join('\n');
          await withFiles({ 'r.hea': header, 'r.dat': encodeSamples(16, [1, 2, 3]) }, async (folder) => {
            try {
              const { leads, signal } = await readEcgFile(join(folder, 'r.hea'));
              expect(signal.length % leads.length).toBe(0);
            } catch (error) {
              expect(error).toBeInstanceOf(AudioError);
            }
          });
        },
      ),
      { numRuns: 150 },
    );
  });
});
