import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseScpCodes } from '../../src/datasets/ptbxl.js';
import { readNpy } from '@hearken/signals';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { convert, labelsBy, wfdbRecord, type Files } from './replica.js';

const newFolder = temporaryFolders();

const statements = `,description,diagnostic,form,rhythm,diagnostic_class,diagnostic_subclass,Statement Category
NDT,non-diagnostic T abnormalities,1.0,1.0,,STTC,STTC,other ST-T
NORM,normal ECG,1.0,,,NORM,NORM,Normal/abnormal
IMI,inferior myocardial infarction,1.0,,,MI,IMI,Myocardial Infarction
SR,sinus rhythm,,,1.0,,,Rhythm statements
LVOLT,low QRS voltages,,1.0,,,,Other
`;

const codes = [
  "{'NORM': 100.0, 'LVOLT': 0.0, 'SR': 0.0}",
  "{'IMI': 35.0, 'NDT': 0.0, 'SR': 0.0}",
  "{'NDT': 100.0}",
  "{'SR': 0.0}",
];

function database(rows: (fold: number) => number = (fold) => 15_700 + fold): string {
  const lines = Array.from({ length: 20 }, (_, index) => {
    const id = index + 1;
    const fold = (index % 10) + 1;
    const name = String(id).padStart(5, '0');
    return `${id},${rows(fold)}.0,${index === 0 ? '300.0' : '56.0'},${index % 2},"CS-12   E",0.0,1984-11-09 09:17:34,"sinusrhythmus, periphere niederspannung, über",${JSON.stringify(codes[index % 4])},True,${fold},records100/00000/${name}_lr,records500/00000/${name}_hr`;
  });
  const head =
    'ecg_id,patient_id,age,sex,device,site,recording_date,report,scp_codes,validated_by_human,strat_fold,filename_lr,filename_hr';
  return `${head}\n${lines.join('\n')}\n`;
}

function replica(rate: 100 | 500): Files {
  const records = Array.from({ length: 20 }, (_, index) => {
    const name = String(index + 1).padStart(5, '0');
    return wfdbRecord(`records${rate}/00000/${name}_${rate === 100 ? 'lr' : 'hr'}`, rate, 10);
  });
  return {
    'ptbxl_database.csv': database(),
    'scp_statements.csv': statements,
    ...(Object.assign({}, ...records) as Files),
  };
}

describe('ptbxl', () => {
  it('makes the six label sets in the recommended split and in ten folds', async () => {
    const root = await newFolder();
    const { made, task, rows } = await convert('ptbxl', root, replica(500), { variants: ['ptbxl_*'] });
    expect(made).toHaveLength(12);
    const names = ['all', 'diagnostic', 'superclass', 'subclass', 'form', 'rhythm'];
    const labels = await Promise.all(names.map(async (name) => (await task(`ptbxl_${name}`)).labels));
    expect(labels).toEqual([
      ['IMI', 'LVOLT', 'NDT', 'NORM', 'SR'],
      ['IMI', 'NDT', 'NORM'],
      ['MI', 'NORM', 'STTC'],
      ['IMI', 'NORM', 'STTC'],
      ['LVOLT', 'NDT'],
      ['SR'],
    ]);
    const superclass = await task('ptbxl_superclass');
    expect(superclass.metadata).toMatchObject({ modality: 'ecg', predictionType: 'multilabel', sampleDuration: 10 });
    expect(superclass.metadata.leads.slice(0, 4)).toEqual(['I', 'II', 'III', 'aVR']);
    // Records of folds 10 and 9; those without a superclass (SR alone, every fourth) are left out.
    expect(labelsBy(superclass, 'test')).toEqual({ '00010.npy': ['MI', 'STTC'] });
    expect(labelsBy(superclass, 'valid')).toEqual({ '00009.npy': ['NORM'], '00019.npy': ['STTC'] });
    expect([...(await task('ptbxl_all_folds')).splits.values()].map((clips) => clips.length)).toEqual(
      Array(10).fill(2),
    );
    expect((await rows('ptbxl_all'))[0]).toMatchObject({
      clip: '00001.npy',
      group: '15701',
      age: 'over 89',
      sex: 'male',
      device: 'CS-12   E',
      site: '0',
    });
  });

  it('stores 500 Hz, or 100 Hz where that is asked for', async () => {
    for (const rate of [500, 100] as const) {
      const root = await newFolder();
      const { task } = await convert('ptbxl', root, replica(rate), {
        variants: ['ptbxl_all'],
        ...(rate === 100 ? { sampleRate: 100 } : {}),
      });
      expect((await task('ptbxl_all')).sampleRates).toEqual([rate]);
      const path = join(root, `tasks/ptbxl_all-v1-full/${rate}/train/00001.npy`);
      const { data, shape } = readNpy(await readFile(path), path);
      expect(shape).toEqual([12, 10 * rate]);
      // Lead III holds 200 counts of 1,000 a mV.
      expect(data[2 * 10 * rate + 5]).toBeCloseTo(0.2, 6);
    }
  });

  it('names the line of a record that is missing, of unknown statements, and of what is no dict', async () => {
    const changed = async (path: string, from: string, to: string) => {
      const files = replica(500);
      return convert('ptbxl', await newFolder(), { ...files, [path]: String(files[path]).replace(from, to) });
    };
    await expect(changed('ptbxl_database.csv', '00003_hr', '00099_hr')).rejects.toThrow(
      /line 4 .*00099_hr.hea.*sample-rate 100/,
    );
    await expect(changed('scp_statements.csv', 'LVOLT', 'OTHER')).rejects.toThrow(/line 2 .*statement 'LVOLT'/);
    await expect(changed('ptbxl_database.csv', "{'NORM': 100.0", "{'NORM': exit(")).rejects.toThrow(
      /line 2 .*scp_codes/,
    );
  });

  it('groups the warnings about records by what they are about, and counts the records', async () => {
    const files: Record<string, string | Uint8Array> = { ...replica(500) };
    const change = (record: string, pattern: RegExp, to: string) => {
      const path = `records500/00000/${record}_hr.hea`;
      expect(files[path]).toMatch(pattern);
      files[path] = String(files[path]).replace(pattern, to);
    };
    const gainOf = (lead: string) => new RegExp(`(?<=dat 16 )1000\\.0(?=\\(0\\).* ${lead}\n)`);
    change('00001', gainOf('V1'), '0');
    change('00001', gainOf('V2'), '0');
    change('00003', gainOf('V3'), '0');
    change('00004', /-?\d+(?= 0 II\n)/, '7');
    const { warnings } = await convert('ptbxl', await newFolder(), files, { variants: ['ptbxl_all'] });
    // The made-up records are flat, which is said of each of them.
    expect(warnings.filter((text) => text.includes('records500') && !text.includes('flat'))).toEqual([
      expect.stringMatching(
        /^2 recordings, such as 'records500\/00000\/00001_hr\.hea': Lead V1 has no gain .* Lead V2 has no gain [^']*$/,
      ),
      expect.stringMatching(/^'records500\/00000\/00004_hr\.hea': The samples of lead II do not match the checksum/),
    ]);
  });

  it('refuses folds that divide a patient', async () => {
    const files = { ...replica(500), 'ptbxl_database.csv': database((fold) => (fold > 8 ? 9 : fold)) };
    await expect(convert('ptbxl', await newFolder(), files)).rejects.toThrow(/ptbxl_all' .*'9' in test and valid/);
  });
});

describe('parseScpCodes', () => {
  const codesOf = (text: string) => parseScpCodes({ get: () => text, fail: (found) => new Error(found) as never });

  it('reads the keys of a Python dict, and nothing else of Python', () => {
    expect(codesOf("{'NORM': 100.0, '1AVB': 0.0, 'STTC': 15}")).toEqual(['NORM', '1AVB', 'STTC']);
    expect(codesOf('{}')).toEqual([]);
    for (const text of ['', '[]', "{'A': B}", "{'A' 1.0}", "__import__('os')"]) expect(() => codesOf(text)).toThrow();
  });
});
