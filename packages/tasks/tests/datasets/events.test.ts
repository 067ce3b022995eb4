import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTextGrid } from '../../src/datasets/text-grid.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { convert, labelsBy, ramp, type Files } from './replica.js';

const newFolder = temporaryFolders();

describe('sprsound', () => {
  const event = (start: number, end: number, type: string) => ({ start: String(start), end: String(end), type });

  function replica(): Files {
    const files: Record<string, string | Uint8Array> = {};
    const add = (part: string, patient: number, number: number, record: string, events: readonly object[]) => {
      const stem = `${patient}_3.4_1_p2_${number}`;
      const test = part === 'train' ? '' : `/${part}_test_json`;
      const set = part === 'train' ? 'train' : 'test';
      files[`BioCAS2022/${set}2022_wav/${stem}.wav`] = ramp(8000, 1);
      files[`BioCAS2022/${set}2022_json${test}/${stem}.json`] = JSON.stringify({
        record_annotation: record,
        event_annotation: events,
      });
    };
    for (let patient = 0; patient < 5; patient += 1) {
      add('train', 65_058_931 + patient, 100 + patient, 'CAS & DAS', [
        event(0, 250, 'Normal'),
        event(250, 900, 'Wheeze+Crackle'),
      ]);
      add('train', 65_058_931 + patient, 200 + patient, 'Normal', [event(0, 500, 'Normal')]);
    }
    add('intra', 65_058_931, 300, 'DAS', [event(100, 200, 'Fine Crackle')]);
    add('inter', 40_890_405, 400, 'Poor Quality', []);
    add('inter', 40_890_405, 401, 'Normal', [event(5, 600, 'Normal'), event(600, 700, 'Rhonchi')]);
    return files;
  }

  it('makes the four tasks of the challenge for other and for the same children', async () => {
    const { made, task, rows, warnings } = await convert('sprsound', await newFolder(), replica());
    expect(made.map((one) => one.task)).toEqual(
      ['event_2class', 'event_7class', 'record_3class', 'record_5class'].flatMap((level) => [
        `sprsound_${level}_inter`,
        `sprsound_${level}_intra`,
      ]),
    );
    const seven = await task('sprsound_event_7class_inter');
    expect(labelsBy(seven, 'test')).toEqual({
      '40890405_3.4_1_p2_401_00.wav': ['Normal'],
      '40890405_3.4_1_p2_401_01.wav': ['Rhonchi'],
    });
    expect(seven.splits.get('train')!.length + seven.splits.get('valid')!.length).toBe(15);
    expect(labelsBy(await task('sprsound_record_3class_inter'), 'test')).toEqual({
      '40890405_3.4_1_p2_400.wav': ['Poor Quality'],
      '40890405_3.4_1_p2_401.wav': ['Normal'],
    });
    expect(labelsBy(await task('sprsound_event_2class_intra'), 'test')).toEqual({
      '65058931_3.4_1_p2_300_00.wav': ['Adventitious'],
    });
    expect(warnings.join('\n')).toMatch(/event_7class_intra: the published split has 1 people .*65058931/);
    expect(warnings.join('\n')).not.toMatch(/_inter: the published split/);
    expect((await rows('sprsound_event_7class_inter'))[0]).toMatchObject({
      age: '3.4',
      sex: 'female',
      location: 'left lateral',
    });
  });

  it('names the annotation that is wrong, and the child whom the inter split would divide', async () => {
    const path = 'BioCAS2022/train2022_json/65058931_3.4_1_p2_100.json';
    const broken = async (content: string) => convert('sprsound', await newFolder(), { ...replica(), [path]: content });
    await expect(broken('{"record_annotation": "Fine"}')).rejects.toThrow(/65058931_3.4_1_p2_100.json.*"Fine"/);
    const short = JSON.stringify({ record_annotation: 'Normal', event_annotation: [event(9, 3, 'Normal')] });
    await expect(broken(short)).rejects.toThrow(/event 1/);
    await expect(broken('{')).rejects.toThrow(/100.json/);
    const leak = Object.fromEntries(
      Object.entries(replica()).map(([name, content]) => [
        name.replace('40890405_3.4_1_p2_401', '65058932_3.4_1_p2_401'),
        content,
      ]),
    );
    await expect(convert('sprsound', await newFolder(), leak)).rejects.toThrow(
      /_inter' without shared groups: '65058932'/,
    );
  });
});

describe('fsd50k', () => {
  function replica(): Files {
    return {
      'FSD50K.ground_truth/dev.csv':
        'fname,labels,mids,split\n64760,"Electric_guitar,Music","/m/02sgy,/m/04rlf",train\n1,"Cough,Respiratory_sounds","/m/a,/m/b",train\n2,Sneeze,/m/c,val\n',
      'FSD50K.ground_truth/eval.csv': 'fname,labels,mids\n3,"Speech,Laughter","/m/d,/m/e"\n4,Music,/m/f\n',
      'FSD50K.ground_truth/vocabulary.csv': ['Breathing', 'Cough', 'Laughter', 'Respiratory_sounds', 'Sneeze', 'Speech']
        .map((label, index) => `${index},${label},/m/${index}\n`)
        .join(''),
      'FSD50K.metadata/dev_clips_info_FSD50K.json': JSON.stringify({
        '1': { title: 'x', uploader: 'ann', license: 'http://creativecommons.org/licenses/by/3.0/' },
        '2': { uploader: 'ann', license: 'x' },
      }),
      ...Object.fromEntries(['64760', '1', '2'].map((id) => [`FSD50K.dev_audio/${id}.wav`, ramp(44_100, 0.1)])),
      ...Object.fromEntries(['3', '4'].map((id) => [`FSD50K.eval_audio/${id}.wav`, ramp(44_100, 0.1)])),
    };
  }

  it('keeps the published split, with six labels', async () => {
    const { task, rows, warnings } = await convert('fsd50k', await newFolder(), replica());
    const health = await task('fsd50k_health');
    expect(health.metadata.predictionType).toBe('multilabel');
    expect(labelsBy(health, 'train')).toEqual({ '1.wav': ['Cough', 'Respiratory_sounds'] });
    expect(labelsBy(health, 'test')).toEqual({ '3.wav': ['Laughter', 'Speech'] });
    expect(labelsBy(await task('fsd50k_health_all'), 'train')).toMatchObject({ '64760.wav': [] });
    expect((await rows('fsd50k_health'))[0]).toMatchObject({ group: 'ann', uploader: 'ann' });
    expect(warnings.join('\n')).toMatch(/has 1 people in more than one part \(ann\)/);
  });

  it('names the line whose audio is missing', async () => {
    const { 'FSD50K.eval_audio/4.wav': _, ...without } = replica();
    await expect(convert('fsd50k', await newFolder(), without)).rejects.toThrow(
      /line 3 of .*eval.csv.*FSD50K.eval_audio\/4.wav/,
    );
  });
});

describe('flusense', () => {
  const grid = (intervals: readonly (readonly [number, number, string])[]) =>
    `File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0 \nxmax = 9.5 \ntiers? <exists> \nsize = 1 \nitem []: \n    item [1]:\n        class = "IntervalTier" \n        name = "word" \n        xmin = 0 \n        xmax = 9.5 \n        intervals: size = ${intervals.length} \n${intervals
      .map(
        ([start, end, text], index) =>
          `        intervals [${index + 1}]:\n            xmin = ${start} \n            xmax = ${end} \n            text = "${text}" \n`,
      )
      .join('')}`;

  function replica(): Files {
    const files: Record<string, string | Uint8Array> = {};
    for (let index = 0; index < 10; index += 1) {
      // Two cuts of each video.
      for (const cut of ['0_000-10_000', '30_000-40_000']) {
        const stem = `-4LOcUpXM${index}_${cut}`;
        files[`flusense_data/${stem}.TextGrid`] = grid([
          [0, 0.5, 'etc'],
          [0.5, 0.75, 'cough'],
          [0.75, 1, 'sneeze'],
        ]);
        files[`FluSense audio/${stem}.wav`] = ramp(16_000, 1);
      }
    }
    files['flusense_data/--U7joUcTCo.TextGrid'] = grid([[0, 1, 'cough']]);
    return files;
  }

  it('makes segments and events, with the cuts of a video together', async () => {
    const { task, rows, warnings } = await convert('flusense', await newFolder(), replica());
    const segments = await task('flusense_segments');
    expect(segments.labels).toEqual(['cough', 'sneeze']);
    expect([...segments.splits.values()].flat()).toHaveLength(40);
    expect(new Set((await rows('flusense_segments')).map(({ group }) => group)).size).toBe(10);
    const events = await task('flusense_events');
    expect(events.splits.get('fold00')?.[0].events).toEqual([
      { label: 'cough', start: 500, end: 750 },
      { label: 'sneeze', start: 750, end: 1000 },
    ]);
    expect(warnings.join('\n')).toMatch(/1 annotations have no audio \(flusense_data\/--U7joUcTCo.TextGrid/);
  });

  it('reads back any TextGrid, quotes doubled, and names a broken line', () => {
    const label = fc.string({ maxLength: 6 }).map((text) => text.replace(/[\r\n]/g, '').trim());
    fc.assert(
      fc.property(fc.array(label, { maxLength: 6 }), (labels) => {
        const text = grid(labels.map((one, index) => [index, index + 0.5, one.replace(/"/g, '""')]));
        expect(parseTextGrid(text, 'a')).toEqual(
          labels.flatMap((one, index) => (one === '' ? [] : [{ start: index, end: index + 0.5, text: one }])),
        );
      }),
    );
    expect(() => parseTextGrid(grid([[1, 0.5, 'x']]), 'a.TextGrid')).toThrow(/line 15 of 'a.TextGrid'/);
    expect(() => parseTextGrid('hello', 'a.TextGrid')).toThrow(/TextGrid 'a.TextGrid'/);
  });
});
