import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNpy } from '@hearken/signals';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { convert, labelsBy, npyRecord, wfdbRecord, type Files } from './replica.js';

const newFolder = temporaryFolders();

const csv = (rows: readonly string[]) => `filename,age,sex,AF,SB\n${rows.join('\n')}\n`;

/** Georgia in two folds with one test set, its records as .npy and as WFDB of 1,000 Hz. */
function replica(): Files {
  return {
    'reproducibility/georgia_train_0.csv': csv(['E1.hea.npy,61,0,1,0', 'E2.npy,62,1,0,1', 'E3.npy,63,0,0.0,0.0']),
    'reproducibility/georgia_val_0.csv': csv(['E4.npy,64,0,1,1']),
    'reproducibility/georgia_train_1.csv': csv(['E4.npy,64,0,1,1', 'E2.npy,62,1,0,1', 'E1.npy,61,0,1,0']),
    'reproducibility/georgia_test.csv': csv(['E5.npy,65,1,1,0']),
    'records/E1.hea.npy': npyRecord(5000),
    'records/E2.npy': npyRecord(5000),
    'records/E3.npy': npyRecord(4000),
    'records/E5.npy': npyRecord(5000),
    ...wfdbRecord('records/g1/E4', 1000, 10),
  };
}

describe('hubert-ecg', () => {
  it('makes a task of each fold, with the test set that all share', async () => {
    const root = await newFolder();
    const { made, task, rows, warnings } = await convert('hubert-ecg', root, replica());
    expect(made.map((one) => one.task)).toEqual(['hubert_ecg_georgia_0', 'hubert_ecg_georgia_1']);
    const first = await task('hubert_ecg_georgia_0');
    expect(first.labels).toEqual(['AF', 'SB']);
    expect(labelsBy(first, 'train')).toEqual({ 'E1.npy': ['AF'], 'E2.npy': ['SB'], 'E3.npy': [] });
    expect(labelsBy(first, 'valid')).toEqual({ 'E4.npy': ['AF', 'SB'] });
    expect(labelsBy(first, 'test')).toEqual({ 'E5.npy': ['AF'] });
    expect((await rows('hubert_ecg_georgia_0'))[0]).toMatchObject({ clip: 'E1.npy', age: '61', sex: '0' });
    expect(warnings.join()).toMatch(/do not name patients/);
    // WFDB of 1,000 Hz becomes 500 Hz, its leads in the usual order.
    const path = join(root, 'tasks/hubert_ecg_georgia_0-v1-full/500/valid/E4.npy');
    const { data, shape } = readNpy(await readFile(path), path);
    expect(shape).toEqual([12, 5000]);
    expect(data[3 * 5000 + 2500]).toBeCloseTo(0.3, 3);
  });

  it('reads the challenge records of 2020, whose samples follow 24 bytes of a MATLAB file', async () => {
    const { 'records/g1/E4.hea': header, 'records/g1/E4.dat': samples, ...others } = replica();
    const matlab = {
      'records/g1/E4.hea': String(header).replaceAll('E4.dat 16 ', 'E4.mat 16+24 '),
      'records/g1/E4.mat': Uint8Array.from([...new Uint8Array(24), ...(samples as Uint8Array)]),
    };
    const root = await newFolder();
    await convert('hubert-ecg', root, { ...others, ...matlab }, { variants: ['*_0'] });
    const path = join(root, 'tasks/hubert_ecg_georgia_0-v1-full/500/valid/E4.npy');
    expect(readNpy(await readFile(path), path).data[11 * 5000 + 2500]).toBeCloseTo(1.1, 3);
  });

  it('takes validation from training, by record, where there is none', async () => {
    const { task } = await convert('hubert-ecg', await newFolder(), replica(), { variants: ['hubert_ecg_georgia_1'] });
    const second = await task('hubert_ecg_georgia_1');
    expect(second.splits.get('valid')).toHaveLength(1);
    expect(second.splits.get('train')).toHaveLength(2);
  });

  it('refuses a record in two splits, other labels, and values that are no labels', async () => {
    const broken = async (name: string, text: string) =>
      convert('hubert-ecg', await newFolder(), { ...replica(), [`reproducibility/${name}.csv`]: text });
    await expect(broken('georgia_test', csv(['E1.npy,61,0,1,0']))).rejects.toThrow(/E1/);
    await expect(broken('georgia_test', 'filename,age,sex,AF,SA\nE5.npy,1,1,1,0\n')).rejects.toThrow(/AF, SA/);
    await expect(broken('georgia_test', csv(['E5.npy,65,1,2,0']))).rejects.toThrow(/line 2 .*2 as AF/);
    await expect(broken('georgia_test', csv(['E9.npy,65,1,1,0']))).rejects.toThrow(/line 2 .*no record 'E9.npy'/);
  });

  it('checks patients where the CSV names them, and says what to do with HDF5', async () => {
    const head = 'filename,age,sex,patient_id,AF,SB\n';
    const people = {
      ...replica(),
      'reproducibility/georgia_train_0.csv': `${head}E1.npy,61,0,P1,1,0\nE2.npy,61,0,P2,0,1\n`,
      'reproducibility/georgia_train_1.csv': `${head}E1.npy,61,0,P1,1,0\n`,
      'reproducibility/georgia_test.csv': `${head}E5.npy,61,0,P1,1,0\n`,
      'reproducibility/georgia_val_0.csv': `${head}E4.npy,61,0,P4,1,0\n`,
    };
    await expect(convert('hubert-ecg', await newFolder(), people)).rejects.toThrow(/'P1' in test and train/);
    const { 'records/E5.npy': _, ...without } = replica();
    const h5 = { ...without, 'records/E5.h5': 'x' };
    await expect(convert('hubert-ecg', await newFolder(), h5)).rejects.toThrow(/HDF5/);
  });

  it('reads the columns and names of SPH', async () => {
    const sph = (rows: readonly string[]) =>
      `filename,age,Patient_ID,sex,NORM,CLBBB|LBBB,LAO/LAE\n${rows.join('\n')}\n`;
    const { task, rows } = await convert('hubert-ecg', await newFolder(), {
      'sph/sph_train_small.csv': sph(['A1.h5.npy,39,S1,M,1,0,0', 'A2.h5.npy,40,S1,M,0,1,1']),
      'sph/sph_val_small.csv': sph(['A3.h5.npy,41,S3,F,0,0,1']),
      'sph/sph_test_small.csv': sph(['A5.h5.npy,42,S5,F,0,1,0']),
      ...Object.fromEntries([1, 2, 3, 5].map((id) => [`npy/A${id}.h5.npy`, npyRecord(2500)])),
    });
    const small = await task('hubert_ecg_sph_small');
    expect(small.labels).toEqual(['NORM', 'CLBBB|LBBB', 'LAO/LAE']);
    expect(labelsBy(small, 'train')).toEqual({ 'A1.npy': ['NORM'], 'A2.npy': ['CLBBB|LBBB', 'LAO/LAE'] });
    expect((await rows('hubert_ecg_sph_small'))[1]).toMatchObject({ clip: 'A2.npy', group: 'S1', age: '40', sex: 'M' });
  });

  it('reads one column of class numbers as a multiclass task', async () => {
    const one = (rows: readonly string[]) => `filename,age,sex,class\n${rows.join('\n')}\n`;
    const { task } = await convert('hubert-ecg', await newFolder(), {
      'ptb_train.csv': one(['E1.npy,1,1,0', 'E2.npy,1,1,2']),
      'ptb_val.csv': one(['E3.npy,1,1,0']),
      'ptb_test.csv': one(['E5.npy,1,1,2']),
      ...Object.fromEntries([1, 2, 3, 5].map((id) => [`E${id}.npy`, npyRecord(2500)])),
    });
    const ptb = await task('hubert_ecg_ptb');
    expect([ptb.metadata.predictionType, ptb.labels]).toEqual(['multiclass', ['0', '2']]);
  });
});
