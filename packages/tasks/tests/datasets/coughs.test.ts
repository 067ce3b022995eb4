import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { convert, labelsBy, ramp, type Files } from './replica.js';

const newFolder = temporaryFolders();
const wav = ramp(48_000, 0.05);
const count = 30;

describe('coughvid', () => {
  const uuid = (index: number) => `00039425-7f3a-42aa-ac13-${String(index).padStart(12, '0')}`;
  const statuses = ['healthy', 'COVID-19', 'symptomatic'];

  /** Endings as in the download; what a file is, its content says. Number 29 is no cough, 28 says nothing. */
  function replica(): Files {
    const head =
      'uuid,datetime,cough_detected,SNR,latitude,longitude,age,gender,respiratory_condition,fever_muscle_pain,status';
    const rows = Array.from({ length: count }, (_, index) => {
      const told = index === 28 ? ',,,,' : `15.0,${index % 2 ? 'male' : 'female'},False,False,${statuses[index % 3]}`;
      return `${uuid(index)},2020-04-13T21:30:59.801831+00:00,${index === 29 ? '0.7999' : '0.9609'},16.1,31.3,34.8,${told}`;
    });
    const recordings = Array.from({ length: 29 }, (_, index) => [
      [`public_dataset/${uuid(index)}.${index % 2 ? 'webm' : 'ogg'}`, wav],
      [`public_dataset/${uuid(index)}.json`, '{}'],
    ]).flat();
    return {
      'public_dataset/metadata_compiled.csv': `${head}\n${rows.join('\n')}\n`,
      ...(Object.fromEntries(recordings) as Files),
    };
  }

  it('takes what is heard as a cough and was told about', async () => {
    const { made, task, rows, warnings } = await convert('coughvid', await newFolder(), replica());
    expect(made.map((one) => one.task)).toEqual(['coughvid_covid', 'coughvid_status', 'coughvid_sex']);
    const clips = async (name: string) => [...(await task(name)).splits.values()].flat();
    expect(await clips('coughvid_covid')).toHaveLength(19);
    expect(await clips('coughvid_status')).toHaveLength(28);
    expect((await task('coughvid_status')).labels).toEqual(['healthy', 'symptomatic', 'covid']);
    expect((await clips('coughvid_sex')).some(({ name }) => name.startsWith(uuid(29)))).toBe(false);
    expect((await rows('coughvid_covid'))[0]).toMatchObject({ age: '15.0', cough_detected: '0.9609' });
    expect(warnings.join('\n')).toMatch(/does not identify people/);
  });

  it('says which recordings cannot be decoded, and takes a WAV made of one', async () => {
    const broken = { ...replica(), [`public_dataset/${uuid(1)}.webm`]: Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3) };
    await expect(convert('coughvid', await newFolder(), broken)).rejects.toThrow(
      /000000000001.webm.*a damaged number in Matroska.*copy or download it again.*--allow-missing/,
    );
    const repaired = { ...broken, [`public_dataset/${uuid(1)}.wav`]: wav };
    const { rows } = await convert('coughvid', await newFolder(), repaired, { variants: ['coughvid_sex'] });
    expect((await rows('coughvid_sex')).map(({ source }) => source)).toContain(`public_dataset/${uuid(1)}.wav`);
  });

  it('names the line of a recording that is missing, and of a number that is none', async () => {
    const { [`public_dataset/${uuid(2)}.ogg`]: _, ...without } = replica();
    await expect(convert('coughvid', await newFolder(), without)).rejects.toThrow(/line 4 .*no recording/);
    const table = 'public_dataset/metadata_compiled.csv';
    const files = { ...replica(), [table]: String(replica()[table]).replace('0.9609', 'high') };
    await expect(convert('coughvid', await newFolder(), files)).rejects.toThrow(/line 2 .*"high" as cough_detected/);
  });
});

describe('coswara', () => {
  const id = (index: number) => `vK2bLRNzllXNeyOMudnNSL5cf${String(index).padStart(2, '0')}2`;

  function replica(): Files {
    const head = 'id,l_c,a,covid_status,ep,g,l_s,l_l,smoker';
    const statuses = ['healthy', 'positive_mild', 'no_resp_illness_exposed'];
    const rows = Array.from({ length: count }, (_, i) => {
      const smoker = ['y', 'n', '', 'True'][i % 4];
      return `${id(i)},India,24,${statuses[i % 3]},y,${i % 2 ? 'male' : 'female'},Karnataka,"Bangalore, J P Ngar",${smoker}`;
    });
    const recordings = Array.from({ length: count - 1 }, (_, i) => [
      [`Extracted_data/20200413/${id(i)}/cough-heavy.wav`, i === 3 ? wav.subarray(0, 44) : wav],
      [`Extracted_data/20200413/${id(i)}/vowel-a.wav`, wav],
      [`Extracted_data/20200413/${id(i)}/metadata.json`, '{}'],
    ]).flat();
    return {
      'combined_data.csv': `${head}\n${rows.join('\n')}\n`,
      // The published file has a space after the comma.
      'annotations/cough-heavy_labels.csv': `FILENAME, QUALITY\n${id(0)}_cough-heavy,2\n${id(6)}_cough-heavy,0\n`,
      ...(Object.fromEntries(recordings) as Files),
    };
  }

  it('takes each sound with what its participant told', async () => {
    const { made, task, rows, warnings } = await convert('coswara', await newFolder(), replica());
    expect(made.map((one) => one.task)).toEqual(
      ['covid', 'sex', 'smoker'].map((name) => `coswara_cough-heavy_${name}`),
    );
    const clips = async (name: string) => [...(await task(`coswara_cough-heavy_${name}`)).splits.values()].flat();
    // 29 recordings, one of them empty, one bad; a third was only exposed, a quarter did not say whether they smoke.
    expect(await clips('sex')).toHaveLength(27);
    expect(await clips('covid')).toHaveLength(18);
    expect(await clips('smoker')).toHaveLength(21);
    expect((await rows('coswara_cough-heavy_sex'))[0]).toMatchObject({ age: '24', country: 'India', group: id(0) });
    expect(warnings.join('\n')).toMatch(/1 recordings of cough-heavy are empty/);
    expect(warnings.join('\n')).toMatch(/1 recordings of cough-heavy are marked as bad/);
    expect(warnings.join('\n')).toMatch(/1 of 30 participants have no recording/);
  });

  it('refuses two copies of a recording, and a folder without any', async () => {
    const twice = { ...replica(), [`20200413/${id(5)}/cough-heavy.wav`]: wav };
    await expect(convert('coswara', await newFolder(), twice)).rejects.toThrow(/cough-heavy of participant/);
    const { 'combined_data.csv': table } = replica();
    await expect(convert('coswara', await newFolder(), { 'combined_data.csv': table })).rejects.toThrow(
      /extract_data.py/,
    );
  });
});

describe('cidrz', () => {
  function replica(column = ''): Files {
    const head = `file,participant,sex,device,tb,effusion${column === '' ? '' : ',split'}`;
    const rows = Array.from({ length: count }, (_, i) => {
      const split = column === '' ? '' : `,${['train', 'train', 'test'][(i >> 1) % 3]}`;
      return `p${i >> 1}/c${i % 2}.wav,P${i >> 1},F,phone ${i % 3},${(i >> 1) % 2},${i < 6 ? '' : i % 2}${split}`;
    });
    const recordings = Array.from({ length: count }, (_, i) => [`p${i >> 1}/c${i % 2}.wav`, wav]);
    return { 'cidrz.csv': `${head}\n${rows.join('\n')}\n`, ...(Object.fromEntries(recordings) as Files) };
  }

  it('makes a task of each finding, nobody in two splits', async () => {
    const { made, task, rows } = await convert('cidrz', await newFolder(), replica());
    expect(made.map((one) => one.task)).toEqual(['cidrz_tb', 'cidrz_effusion']);
    expect([...(await task('cidrz_effusion')).splits.values()].flat()).toHaveLength(24);
    expect((await task('cidrz_tb')).labels).toEqual(['negative', 'positive']);
    expect((await rows('cidrz_tb'))[0]).toMatchObject({ clip: 'p0_c0.wav', group: 'P0', device: 'phone 0' });
  });

  it('honours the split of the table', async () => {
    const { task } = await convert('cidrz', await newFolder(), replica('split'), { variants: ['cidrz_tb'] });
    const test = labelsBy(await task('cidrz_tb'), 'test');
    expect(Object.keys(test)).toEqual(
      ['p2', 'p5', 'p8', 'p11', 'p14'].flatMap((one) => [`${one}_c0.wav`, `${one}_c1.wav`]),
    );
  });
});
