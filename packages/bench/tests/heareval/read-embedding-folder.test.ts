import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { readEmbeddingFolder } from '../../src/heareval/read-embedding-folder.node.js';
import {
  pythonPickle,
  rawFloats,
  writePythonEvents,
  writePythonScenes,
} from '../../../../tests/support/python-embeddings.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = join(await temporaryFolder(), 'model', 'task');
});

describe('an embedding folder of Python', () => {
  it('has pickles in the bytes that CPython writes', () => {
    // pickle.dumps(json.loads('[["low"], [], ["low","high"]]'))
    expect(pythonPickle([['low'], [], ['low', 'high']]).toString('hex')).toBe(
      '80049521000000000000005d94285d948c036c6f7794615d945d94288c036c6f77948c04686967689465652e',
    );
  });

  it('is read: scenes', async () => {
    const { input, id, size, done } = await readEmbeddingFolder(await writePythonScenes(folder, { clips: 4 }));
    expect({ id, size, done }).toEqual({ id: 'tiny-v1-full', size: 3, done: true });
    const { embeddings, targets, count, clipOf } = input.splits.get('train')!;
    expect(count).toBe(4);
    expect([...clipOf]).toEqual([0, 1, 2, 3]);
    // Clips 0, 1, 2, 3 of low and high in turn.
    expect([...targets]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    expect([...embeddings.subarray(3, 6)]).toEqual([1, Math.fround(Math.sin(1)), Math.fround(Math.cos(3))]);
  });

  it('is read: events', async () => {
    const { input } = await readEmbeddingFolder(await writePythonEvents(folder, { clips: 2 }));
    const { clipOf, timestamps, events, targets, clipNames } = input.splits.get('valid')!;
    expect(clipNames).toEqual(['valid0.wav', 'valid1.wav']);
    expect([...clipOf]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect([...timestamps!.subarray(0, 5)]).toEqual([0, 250, 500, 750, 0]);
    expect([...targets]).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0]);
    expect(events![1]).toEqual([{ start: 250, end: 500, label: 'high' }]);
  });

  it('says when the hidden file is missing that tells the end of embedding, and what the bytes hash to', async () => {
    const whole = await readEmbeddingFolder(await writePythonScenes(folder));
    const part = await readEmbeddingFolder(
      await writePythonScenes(join(folder, 'copy'), { files: { '.done.embeddings': null } }),
    );
    expect(part.done).toBe(false);
    expect(part.contentHash).toBe(whole.contentHash);
    const files = { 'test.embeddings.npy': rawFloats(new Array<number>(36).fill(0.5)) };
    const other = await readEmbeddingFolder(await writePythonScenes(join(folder, 'other'), { files }));
    expect(other.contentHash).not.toBe(whole.contentHash);
  });
});

describe('a damaged embedding folder', () => {
  const row = '5d948c036c6f779461';
  const twelve = Array.from({ length: 12 }, () => ['low']);
  // pickle.dumps([['low'], object with __reduce__ -> (os.system, ('touch owned',))], 4), the path shortened.
  const hostile = Buffer.from(
    `80045d9428${row}8c05706f736978948c0673797374656d9493948c056f776e65649485945294652e`,
    'hex',
  );
  const named = Buffer.from(`80045d9428${row}8c086275696c74696e73948c0464696374949394652e`, 'hex');

  it.each<[string, Record<string, string | Uint8Array | null>, RegExp]>([
    ['no metadata', { 'task_metadata.json': null }, /task_metadata.json.*no such file/],
    ['no dimensions', { 'valid.embedding-dimensions.json': null }, /valid.embedding-dimensions.json.*no such file/],
    [
      'dimensions of more rows',
      { 'train.embedding-dimensions.json': '[13, 3]' },
      /\[13, 3\].*144 bytes instead of 156/,
    ],
    ['dimensions of other rows and columns', { 'train.embedding-dimensions.json': '[18, 2]' }, /18 embeddings|18 rows/],
    ['dimensions of another size', { 'test.embedding-dimensions.json': '[12, 4]' }, /144 bytes instead of 192/],
    ['dimensions that are no pair', { 'test.embedding-dimensions.json': '[12]' }, /dimensions.*\[12\]/],
    ['dimensions of nothing', { 'test.embedding-dimensions.json': '[0, 3]' }, /both at least 1/],
    ['dimensions beyond all memory', { 'test.embedding-dimensions.json': '[4503599627370496, 4096]' }, /dimensions/],
    ['a NumPy header', { 'test.embeddings.npy': Buffer.alloc(144 + 128) }, /raw values without a NumPy header/],
    ['NaN', { 'test.embeddings.npy': rawFloats([...new Array<number>(35).fill(0), NaN]) }, /NaN in row 11, value 2/],
    ['one label list too few', { 'train.target-labels.pkl': pythonPickle(twelve.slice(1)) }, /11 entries for 12/],
    [
      'two labels in a multiclass task',
      { 'train.target-labels.pkl': pythonPickle([['low', 'high'], ...twelve.slice(1)]) },
      /2 labels in row 0/,
    ],
    [
      'an unknown label',
      { 'train.target-labels.pkl': pythonPickle([...twelve.slice(1), ['lowe']]) },
      /'lowe'.*row 11.*did you mean 'low'/,
    ],
    [
      'a truncated pickle',
      { 'train.target-labels.pkl': pythonPickle(twelve).subarray(0, 40) },
      /pickle cannot be read/,
    ],
    ['a pickle that calls', { 'train.target-labels.pkl': hostile }, /names 'posix.system'.*nothing was run/],
    ['a pickle that names', { 'train.target-labels.pkl': named }, /names 'builtins.dict'/],
    ['a pickle of something else', { 'train.target-labels.pkl': Buffer.from('80044b072e', 'hex') }, /not a list/],
    [
      'a pickle of lists in a list of itself',
      { 'train.target-labels.pkl': Buffer.from('80045d946800612e', 'hex') },
      /1 entries/,
    ],
    ['a clip more in the JSON', { 'test.json': JSON.stringify({ 'a.wav': ['low'] }) }, /12 rows for 1 clips/],
  ])('is refused for %s', async (_name, files, message) => {
    await writePythonScenes(folder, { files });
    const error: unknown = await readEmbeddingFolder(folder).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toMatch(message);
    await expect(access('owned')).rejects.toThrow();
  });

  it('is refused for sizes that differ between splits', async () => {
    const files = {
      'test.embedding-dimensions.json': '[12, 2]',
      'test.embeddings.npy': rawFloats(new Array<number>(24).fill(0)),
    };
    await expect(readEmbeddingFolder(await writePythonScenes(folder, { files }))).rejects.toThrow(
      /3 in split 'train', 2 in 'test'/,
    );
  });

  const stamp = (clip: number, time: number | string) => [`x/valid/valid${clip}.wav`, time];
  const times = [0, 250, 500, 750];
  it.each<[string, unknown, RegExp]>([
    ['one too few', times.map((time) => stamp(0, time)), /4 entries for 8/],
    ['no list', {}, /not a list/],
    [
      'a clip that the split lacks',
      [...times.map((time) => stamp(0, time)), ...times.map((time) => stamp(7, time))],
      /valid7.wav' in entry 4/,
    ],
    ['a clip left out', Array.from({ length: 8 }, (_, row) => stamp(0, row)), /no rows of clip 'valid1.wav'/],
    [
      'time that goes back',
      [0, 500, 250, 750].map((time) => stamp(0, time)).concat(times.map((time) => stamp(1, time))),
      /250 ms after 500 ms/,
    ],
    [
      'rows of a clip apart',
      [0, 1, 0, 1, 0, 1, 0, 1].map((clip, row) => stamp(clip, row)),
      /in two places, again at 2/,
    ],
    ['text for a time', [...times, ...times].map((time, row) => stamp(row >> 2, String(time))), /entry 0, not \[file/],
  ])('is refused for timestamps with %s', async (_name, stamps, message) => {
    await writePythonEvents(folder, { clips: 2, files: { 'valid.filename-timestamps.json': JSON.stringify(stamps) } });
    const error: unknown = await readEmbeddingFolder(folder).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toMatch(message);
  });
});
