import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudioFile } from '@hearken/signals/node';
import { parseCycles } from '../../src/datasets/icbhi-files.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { convert, labelsBy, namesIn, ramp } from './replica.js';

const newFolder = temporaryFolders();
const audio = 'ICBHI_final_database';

/** Two people of each fold, so that every fold has clips; 156 has a recording in each half. */
const people = ['107', '160', '101', '137', '110', '111', '104', '118', '133', '145'];
const annotation = '0.036\t0.5\t0\t0\n0.5\t1.25\t1\t0\r\n1.25\t1.5\t0\t1\n1.5\t2.4\t1\t1\n';

function replica(): Record<string, string | Uint8Array> {
  const files: Record<string, string | Uint8Array> = {};
  const lines: string[] = [];
  const add = (stem: string, half: string, rate: number, listed = stem) => {
    files[`${audio}/${stem}.wav`] = ramp(rate, 2);
    files[`${audio}/${stem}.txt`] = annotation;
    lines.push(`${listed}\t${half}`);
  };
  people.forEach((patient, index) => {
    add(`${patient}_1b1_Al_sc_Meditron`, index % 5 < 3 ? 'train' : 'test', index % 2 === 0 ? 4000 : 44_100);
  });
  add('156_2b3_Al_mc_AKGC417L', 'test', 4000);
  add('156_2b3_Ar_mc_AKGC417L', 'train', 4000);
  // The list has another device than the file.
  add('226_1b1_Pl_sc_LittC2SE', 'train', 4000, '226_1b1_Pl_sc_Meditron');
  const diagnoses = ['COPD', 'Healthy', 'URTI', 'Healthy', 'Asthma', 'LRTI', 'COPD', 'Healthy', 'URTI', 'COPD'];
  files['ICBHI_challenge_train_test.txt'] = `${lines.join('\n')}\n`;
  files['ICBHI_Challenge_diagnosis.txt'] = [...people, '156', '226']
    .map((patient, index) => `${patient}\t${diagnoses[index] ?? 'Pneumonia'}`)
    .join('\n');
  files['ICBHI_Challenge_demographic_information.txt'] = '107\t75\tF\t33.7\tNA\tNA\n156\tNA\tNA\tNA\tNA\tNA\n';
  return files;
}

describe('icbhi', () => {
  it('cuts cycles for the official split and the patient folds', async () => {
    const root = await newFolder();
    const { made, task, rows, warnings } = await convert('icbhi', root, replica());
    expect(made.map((one) => one.task)).toEqual([
      'icbhi_4class_official',
      'icbhi_4class_folds',
      'icbhi_2class_official',
      'icbhi_2class_folds',
      'icbhi_diagnosis_2class_official',
      'icbhi_diagnosis_2class_folds',
      'icbhi_diagnosis_3class_official',
      'icbhi_diagnosis_3class_folds',
      'icbhi_diagnosis_8class_folds',
    ]);
    const four = await task('icbhi_4class_official');
    expect(four.labels).toEqual(['normal', 'crackle', 'wheeze', 'both']);
    expect(four.metadata.evaluation[0]).toBe('icbhi_score');
    expect(labelsBy(four, 'test')).toMatchObject({
      '156_2b3_Al_mc_AKGC417L_00.wav': ['normal'],
      '156_2b3_Al_mc_AKGC417L_01.wav': ['crackle'],
      '156_2b3_Al_mc_AKGC417L_02.wav': ['wheeze'],
      '156_2b3_Al_mc_AKGC417L_03.wav': ['both'],
    });
    expect(warnings.join('\n')).toMatch(/13 of 920 published recordings/);
    expect(warnings.join('\n')).toMatch(/another device.*226_1b1_Pl_sc_LittC2SE/);
    expect(warnings.join('\n')).toMatch(/icbhi_4class_official: the published split has 1 people .*\(156\)/);
    // The published exception is the official split's alone.
    expect(warnings.join('\n')).not.toMatch(/_folds: the published split/);
    const [first] = (await rows('icbhi_4class_folds')).filter((row) => row.clip.startsWith('107'));
    expect(first).toMatchObject({
      split: 'fold00',
      group: '107',
      device: 'Meditron',
      location: 'Al',
      age: '75',
      sex: 'F',
    });
    const folds = await task('icbhi_4class_folds');
    expect([...folds.splits.values()].map((clips) => clips.length)).toEqual([16, 8, 8, 12, 8]);
  });

  it('cuts at the own rate of a recording, ends with it, and resamples', async () => {
    const root = await newFolder();
    const { warnings } = await convert('icbhi', root, replica(), { variants: ['icbhi_2class_folds'] });
    const read = async (name: string) =>
      decodeAudioFile(join(root, 'tasks/icbhi_2class_folds-v1-full/16000/fold00', `${name}.wav`));
    const second = await read('107_1b1_Al_sc_Meditron_01');
    expect(second.sampleRate).toBe(16_000);
    expect(second.channels[0].length).toBe(0.75 * 16_000);
    // The ramp is 0.5 high after 2 s: in the middle of 0.5 to 1.25 s it stands at 0.875 s.
    expect(second.channels[0][6000]).toBeCloseTo((0.5 * 0.875) / 2, 3);
    // 1.5 to 2.4 s of a recording of 2 s.
    expect((await read('107_1b1_Al_sc_Meditron_03')).channels[0].length).toBe(8000);
    expect(warnings.join('\n')).toMatch(/13 clips were annotated past the end/);
  });

  it('stores a clip once, however many tasks have it', async () => {
    const root = await newFolder();
    await convert('icbhi', root, replica(), { variants: ['icbhi_*class_folds'] });
    const clip = (task: string) => join(root, 'tasks', `${task}-v1-full/16000/fold00/107_1b1_Al_sc_Meditron_00.wav`);
    const [four, two] = await Promise.all([stat(clip('icbhi_4class_folds')), stat(clip('icbhi_2class_folds'))]);
    expect(four.ino).toBe(two.ino);
  });

  it('refuses another leak than the two that are known', async () => {
    const files = replica();
    files[`${audio}/107_1b1_Ar_sc_Meditron.wav`] = ramp(4000, 2);
    files[`${audio}/107_1b1_Ar_sc_Meditron.txt`] = annotation;
    files['ICBHI_challenge_train_test.txt'] =
      `${String(files['ICBHI_challenge_train_test.txt'])}107_1b1_Ar_sc_Meditron\ttest\n`;
    const root = await newFolder();
    await expect(convert('icbhi', root, files)).rejects.toThrow(/icbhi_4class_official.*'107' in test and/);
    expect(await namesIn(join(root, 'tasks'))).toEqual([]);
  });

  it('names file and line of what is wrong', async () => {
    const broken = async (path: string, content: string) =>
      convert('icbhi', await newFolder(), { ...replica(), [path]: content });
    const stem = `${audio}/107_1b1_Al_sc_Meditron`;
    await expect(broken(`${stem}.txt`, '0\t1\t0\t0\n1\t0.5\t0\t0\n')).rejects.toThrow(/line 2 of '.*107_1b1_Al.*txt'/);
    await expect(broken(`${stem}.txt`, '0\t1\t0\t2\n')).rejects.toThrow(/line 1 of/);
    await expect(broken('ICBHI_challenge_train_test.txt', 'a_b\ttrian\n')).rejects.toThrow(/line 1 .*'a_b trian'/);
    await expect(broken('ICBHI_challenge_train_test.txt', 'a_b\ttrain\n')).rejects.toThrow(
      /official half of .*no line for it/,
    );
    await expect(broken('ICBHI_Challenge_diagnosis.txt', '101\tURTI\n')).rejects.toThrow(/diagnosis of ICBHI patient/);
    const { [`${stem}.txt`]: _, ...without } = replica();
    await expect(convert('icbhi', await newFolder(), without)).rejects.toThrow(
      /no annotation '.*107_1b1_Al_sc_Meditron.txt'/,
    );
  });

  it('makes the folds alone where the official list is missing', async () => {
    const { 'ICBHI_challenge_train_test.txt': _, 'ICBHI_Challenge_diagnosis.txt': __, ...files } = replica();
    const { made } = await convert('icbhi', await newFolder(), files);
    expect(made.map(({ task }) => task)).toEqual(['icbhi_4class_folds', 'icbhi_2class_folds']);
  });

  it('leaves alone what is there: the same again, something else never without being told', async () => {
    const root = await newFolder();
    const variants = ['icbhi_4class_folds'];
    await convert('icbhi', root, replica(), { variants });
    const target = join(root, 'tasks/icbhi_4class_folds-v1-full');
    const again = await convert('icbhi', root, replica(), { variants });
    expect(again.made.map(({ state }) => state)).toEqual(['present']);
    await expect(convert('icbhi', root, replica(), { variants, sampleRate: 8000 })).rejects.toThrow(
      /other content.*--force/,
    );
    await writeFile(join(target, '16000/fold00/107_1b1_Al_sc_Meditron_00.wav'), 'damaged');
    await expect(convert('icbhi', root, replica(), { variants })).rejects.toThrow(/other content/);
    const forced = await convert('icbhi', root, replica(), { variants, sampleRate: 8000, force: true });
    expect(forced.made.map(({ state }) => state)).toEqual(['made']);
    expect((await forced.task('icbhi_4class_folds')).sampleRates).toEqual([8000]);
    expect(await namesIn(join(root, 'tasks'))).toEqual(['icbhi_4class_folds-v1-full']);
    const record = JSON.parse(await readFile(join(target, 'conversion.json'), 'utf8')) as Record<string, unknown>;
    expect(record).toMatchObject({ dataset: 'icbhi', sampleRate: 8000, counts: { recordings: 13, cycles: 52 } });
  });

  it('stops at recordings that cannot be read, or leaves them out, and leaves nothing half-written', async () => {
    const files = { ...replica(), [`${audio}/104_1b1_Al_sc_Meditron.wav`]: 'no audio' };
    const root = await newFolder();
    const variants = ['icbhi_4class_folds'];
    await expect(convert('icbhi', root, files, { variants })).rejects.toThrow(
      /104_1b1_Al_sc_Meditron.wav.*--allow-missing/,
    );
    expect(await namesIn(join(root, 'tasks'))).toEqual([]);
    const { made, task } = await convert('icbhi', root, files, { variants, allowMissing: true });
    expect(made[0].clips).toMatchObject({ fold03: 8 });
    expect((await task('icbhi_4class_folds')).splits.get('fold03')).toHaveLength(8);
  });
});

describe('parseCycles', () => {
  it('takes tabs, spaces and either line end', () => {
    expect(parseCycles('0.1\t2\t1\t0\r\n2 3.5 0 1\n\n', 'a.txt')).toEqual([
      { start: 0.1, end: 2, crackle: true, wheeze: false },
      { start: 2, end: 3.5, crackle: false, wheeze: true },
    ]);
  });
});
