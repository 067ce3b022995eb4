import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWav } from '@hearken/signals';
import { quietClips, repeatedClips, type ClipFacts } from '../../src/guards/clip-facts.js';
import { constantEmbeddings } from '../../src/guards/constant-embeddings.js';
import { guardTask } from '../../src/guards/guard-task.node.js';
import { clipFacts, inspectClips } from '../../src/guards/inspect-clips.node.js';
import { unseenLabels } from '../../src/guards/unseen-labels.js';
import { openTask } from '@hearken/tasks/node';
import type { TaskMetadata } from '@hearken/tasks';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { tone, writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
const clip = (split: string, name: string, hash: string, peak = 0.5): ClipFacts => ({ split, name, hash, peak });

describe('repeatedClips', () => {
  it('names recordings that are in two splits, each once', () => {
    const clips = [
      clip('train', 'a', 'x'),
      clip('train', 'b', 'x'),
      clip('test', 'c', 'x'),
      clip('valid', 'd', 'x'),
      clip('test', 'e', 'y'),
    ];
    const [warning, ...more] = repeatedClips('task', clips);
    expect(more).toEqual([]);
    expect(warning.code).toBe('clip-in-two-splits');
    expect(warning.message).toContain("1 recording in more than one split, the first 'a' of 'train' and 'c' of 'test'");
  });

  it('keeps quiet about repetition within a split, and about silence', () => {
    const clips = [
      clip('train', 'a', 'x'),
      clip('train', 'b', 'x'),
      clip('train', 's', 'z', 0),
      clip('test', 't', 'z', 0),
    ];
    expect(repeatedClips('task', clips)).toEqual([]);
  });
});

describe('quietClips', () => {
  it('names the task, how many clips and one of them', () => {
    const clips = [clip('train', 'a', '1'), clip('test', 'b', '2', 9e-4), clip('test', 'c', '3', 1e-3)];
    expect(quietClips('task', clips)).toEqual([
      {
        code: 'near-silent',
        message:
          "task 'task': 1 of 3 clips near-silent (peak under 0.001), the first 'b' of 'test'; scores mean little",
      },
    ]);
    expect(quietClips('task', clips.slice(0, 1))).toEqual([]);
  });

  it('says so when all are', () => {
    const [{ message }] = quietClips('task', [clip('train', 'a', '1', 6e-5), clip('test', 'b', '2', 2e-5)]);
    expect(message).toContain('all 2 clips near-silent (peak under 0.001), the loudest peak is 0.000060');
  });
});

describe('unseenLabels', () => {
  const labels = ['a', 'b', 'c'];
  const metadata = (splitMode: string) => ({ splitMode, taskName: 't' }) as TaskMetadata;
  const split = (...present: number[]) => ({
    targets: Uint8Array.from(labels, (_, label) => Number(present.includes(label))),
  });

  it('names labels that are only tested', () => {
    const splits = new Map([
      ['train', split(0)],
      ['valid', split(0)],
      ['test', split(0, 2)],
    ]);
    const [warning] = unseenLabels({ id: 'task', metadata: metadata('trainvaltest'), labels, splits });
    expect(warning).toMatchObject({ code: 'label-not-in-training' });
    expect(warning.message).toContain(
      "1 label of 3 never in the training data of a split that tests or validates with it, the first 'c' of 'test'",
    );
  });

  it('looks at each fold on its own', () => {
    const everywhere = new Map([
      ['f0', split(0, 1)],
      ['f1', split(0, 1)],
      ['f2', split(0, 1)],
    ]);
    const folds = (splits: typeof everywhere) =>
      unseenLabels({ id: 'task', metadata: metadata('new_split_kfold'), labels, splits });
    expect(folds(everywhere)).toEqual([]);
    // Fold f0 is tested by training on f2 alone.
    expect(folds(new Map([...everywhere, ['f2', split(0)]]))).toHaveLength(1);
  });
});

describe('constantEmbeddings', () => {
  const split = (embeddings: number[], size = 2) => ({
    embeddings: Float32Array.from(embeddings),
    size,
    count: embeddings.length / size,
  });

  it('notices rows that are the same over all splits, but for rounding', () => {
    const [warning] = constantEmbeddings('task', [split([1, 2, 1, 2]), split([1, 2.000001])]);
    expect(warning.code).toBe('constant-embedding');
    expect(warning.message).toContain('all 3 embeddings are the same');
    expect(constantEmbeddings('task', [split([0, 0, 0, 0])])).toHaveLength(1);
    expect(constantEmbeddings('task', [split([1, 2, 1, 2]), split([1, 2.01])])).toEqual([]);
    expect(constantEmbeddings('task', [split([1, 2])])).toEqual([]);
  });

  it('never warns where a value differs', () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 4, maxLength: 4 }), fc.nat(3), (row, index) => {
        const other = row.map((one, at) => (at === index ? one + 1 + Math.abs(one) : one));
        expect(constantEmbeddings('task', [split([...row, ...other], 4)])).toEqual([]);
      }),
    );
  });
});

describe('inspectClips', () => {
  it('reads every clip once for each content of the task', async () => {
    const folder = await temporaryFolder();
    const same = encodeWav(tone(0.3, 1), 8000);
    // The same samples behind another header: a chunk that players skip.
    const chunk = Buffer.concat([Buffer.from('LIST'), Buffer.of(4, 0, 0, 0), Buffer.from('abcd')]);
    const twin = Buffer.concat([same.subarray(0, 12), chunk, same.subarray(12)]);
    twin.writeUInt32LE(twin.length - 8, 4);
    const quiet = encodeWav(
      tone(0.3, 2).map((sample) => sample / 1000),
      8000,
    );
    const replace = {
      'train/0.wav': same,
      'test/1.wav': twin,
      'test/0.wav': quiet,
      'valid/0.wav': Buffer.from('no audio'),
    };
    const task = await openTask(await writeToneTask(join(folder, 'task'), { clips: 2, replace }));
    const options = { sampleRate: 8000, cacheFolder: join(folder, 'cache'), contentHash: 'abc' };
    const warnings = await inspectClips(task, options);
    expect(warnings.map(({ code }) => code)).toEqual(['near-silent', 'clip-in-two-splits']);
    expect(warnings[0].message).toContain('1 of 5 clips');
    expect(await readdir(join(folder, 'cache'))).toEqual(['abc.json']);
    // What is kept is not read again.
    expect(await inspectClips({ ...task, folder: 'gone' }, options)).toEqual(warnings);
    const facts = await clipFacts(task, options);
    expect(facts.find(({ name, split }) => name === '0.wav' && split === 'test')!.peak).toBeCloseTo(5e-4, 4);
  });
});

describe('guardTask', () => {
  it('says all that there is to say, inspected clips first', async () => {
    const folder = await temporaryFolder();
    const quiet = encodeWav(new Float32Array(4000), 8000);
    const replace = { 'train/1.wav': quiet };
    const task = await openTask(await writeToneTask(join(folder, 'task'), { clips: 2, replace }));
    const split = (targets: number[]) => ({
      embeddings: Float32Array.of(1, 2, 1, 2),
      count: 2,
      size: 2,
      targets: Uint8Array.from(targets),
      clipNames: ['0.wav', '1.wav'],
      clipOf: Uint32Array.of(0, 1),
    });
    const splits = new Map([
      ['train', split([1, 0, 1, 0])],
      ['valid', split([1, 0, 0, 1])],
      ['test', split([1, 0, 0, 1])],
    ]);
    const options = { sampleRate: 8000, cacheFolder: join(folder, 'cache'), contentHash: 'abc' };
    const warnings = await guardTask(task, splits, options);
    expect(warnings.map(({ code }) => code)).toEqual(['near-silent', 'label-not-in-training', 'constant-embedding']);
    for (const { message } of warnings) expect(message).toContain("task 'tones-v1-full'");
  });
});
