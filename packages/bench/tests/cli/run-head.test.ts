import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { getSceneLogits, labelProbabilities, signalBatch } from '@hearken/core';
import patchmix from '@hearken/plugin-patchmix';
import { type Result } from '@hearken/results';
import { readAllPredictions } from '@hearken/results/internal/node';
import { readResults } from '@hearken/results/node';
import { encodeWav, readAudioFile } from '@hearken/signals/node';
import { resample } from '@hearken/signals/onnx';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { type TaskParts, writeTask } from '../../../../tests/support/task-folder.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let results: string;

const fixtures = (plugin: string, name: string) =>
  fileURLToPath(new URL(`../../../plugins-${plugin}/tests/fixtures/${name}`, import.meta.url));
const lungs = ['--model', 'patchmix', '--checkpoint', fixtures('patchmix', 'best.pth')];
const tagger = ['--model', 'efficientat:mn01_as', '--checkpoint', fixtures('efficientat', 'mn01_as.pt')];
const classes = ['normal', 'crackle', 'wheeze', 'both'];
const rate = 16_000;

/** One second of tones in noise. */
const sound = (index: number) =>
  Float32Array.from(
    { length: rate },
    (_, at) => 0.3 * Math.sin(at * (0.02 + 0.03 * index)) + 0.2 * Math.sin(at * at + index),
  );

/** A task of four clips in each split, of which each has one of the labels. */
async function task(name: string, labels: readonly string[], parts: TaskParts = {}): Promise<string> {
  const files: Record<string, Uint8Array> = {};
  const splits: Record<string, Record<string, unknown>> = {};
  for (const [place, split] of ['train', 'valid', 'test'].entries()) {
    splits[split] = {};
    for (let clip = 0; clip < 4; clip += 1) {
      files[`${rate}/${split}/${clip}.wav`] = encodeWav(sound(4 * place + clip), rate);
      splits[split][`${clip}.wav`] = [labels[clip % labels.length]];
    }
  }
  const quoted = labels.map((label, index) => `${index},"${label}"\n`).join('');
  const metadata = { task_name: name, sample_duration: 1, evaluation: ['top1_acc'], ...parts.metadata };
  return writeTask(join(folder, name), { vocabulary: `idx,label\n${quoted}`, splits, files, ...parts, metadata });
}

const run = (...args: string[]) =>
  hearken('run', '--probe', 'head', '--out', results, '--cache', join(folder, 'cache'), ...args);

async function onlyResult(): Promise<{ path: string; result: Result }> {
  const { results: found } = await readResults([results]);
  expect(found).toHaveLength(1);
  return found[0];
}

/** The model's own probabilities of the test clips, `[4, 4]`. */
async function ownAnswers(path: string): Promise<number[][]> {
  const embedder = await patchmix.loadModel(fixtures('patchmix', 'best.pth'));
  const rows: number[][] = [];
  for (let clip = 0; clip < 4; clip += 1) {
    const signal = await readAudioFile(join(path, String(rate), 'test', `${clip}.wav`), { sampleRate: rate, resample });
    const { data } = await getSceneLogits(signalBatch([signal]), embedder);
    rows.push([...labelProbabilities(data, 4, 'multiclass')]);
  }
  await embedder.dispose();
  return rows;
}

beforeEach(async () => {
  folder = await temporaryFolder();
  results = join(folder, 'results');
});

describe('hearken run --probe head', () => {
  it("scores the model's own answers, and trains nothing", async () => {
    const path = await task('breaths', classes, { metadata: { evaluation: ['icbhi_score', 'top1_acc'] } });
    const { status, out } = await run(...lungs, '--tasks', path, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toBeTruthy();
    const { path: file, result } = await onlyResult();
    expect(result.evaluation).toMatchObject({ probe: 'head', gridPoints: 1, seed: 0, seeds: 1, pca: null });
    expect(result.evaluation.head).toEqual({
      kind: 'multiclass',
      size: 4,
      labels: classes.map((label, index) => ({ label, head: [index], names: [label] })),
    });
    expect(result).toMatchObject({ isDefault: false, epochsTrained: 0, model: { embeddingSize: 4 } });
    expect(result.warnings.filter((warning) => /epoch|not in training/.test(warning))).toEqual([]);
    expect(result.model.options).not.toHaveProperty('answers');
    const rows = await ownAnswers(path);
    const [{ values }] = await readAllPredictions(file, result);
    const expected = rows.flat();
    expect(values).toHaveLength(expected.length);
    expected.forEach((value, index) => expect(values[index]).toBeCloseTo(value, 5));
    const right = rows.filter((row, clip) => row.indexOf(Math.max(...row)) === clip).length;
    expect(result.scores.top1_acc.mean).toBeCloseTo(right / 4, 10);
    // The same again is finished, whatever else the command line says.
    const again = await run(...lungs, '--tasks', path, '--json', '--grid-points', '8');
    expect(again.status).toBe(0);
    expect((await onlyResult()).result.finishedAt).toBe(result.finishedAt);
  });

  it('groups labels of the head for a task of fewer, by a map in JSON or CSV', async () => {
    const path = await task('two', ['healthy', 'abnormal']);
    const map = join(folder, 'map.json');
    await writeFile(map, JSON.stringify({ healthy: 'normal', abnormal: ['crackle', 'wheeze', 'both'] }));
    expect(await run(...lungs, '--tasks', path, '--label-map', map)).toMatchObject({ status: 0 });
    const { result } = await onlyResult();
    expect(result.evaluation.head?.labels).toEqual([
      { label: 'healthy', head: [0], names: ['normal'] },
      { label: 'abnormal', head: [1, 2, 3], names: ['crackle', 'wheeze', 'both'] },
    ]);
    const rows = await ownAnswers(path);
    const right = rows.filter((row, clip) => Math.min(1, row.indexOf(Math.max(...row))) === clip % 2).length;
    expect(result.scores.top1_acc.mean).toBeCloseTo(right / 4, 10);
    const table = join(folder, 'map.csv');
    await writeFile(table, 'task,head\nhealthy,normal\nabnormal,crackle\nabnormal,wheeze\nabnormal,both\n');
    await run(...lungs, '--tasks', path, '--label-map', table);
    expect((await onlyResult()).result.finishedAt).toBe(result.finishedAt);
  });

  it('scores a multilabel head, also over time', async () => {
    const labels = ['Speech', 'Music', 'Bark', 'Male speech, man speaking'];
    const scenes = await task('tags', labels, { metadata: { prediction_type: 'multilabel', evaluation: ['mAP'] } });
    const events = Object.fromEntries(
      ['train', 'valid', 'test'].map((split) => [
        split,
        Object.fromEntries([0, 1, 2, 3].map((clip) => [`${clip}.wav`, [{ start: 0, end: 500, label: labels[clip] }]])),
      ]),
    );
    const metadata = { embedding_type: 'event', prediction_type: 'multilabel', evaluation: ['segment_1s_er'] };
    const timed = await task('events', labels, { metadata, splits: events });
    expect(await run(...tagger, '--tasks', scenes, timed)).toMatchObject({ status: 0 });
    const { results: found } = await readResults([results]);
    expect(found.map(({ result }) => result.evaluation.head?.labels[3].head)).toEqual([[1], [1]]);
    expect(found.every(({ result }) => result.model.embeddingSize === 527)).toBe(true);
  });

  it('answers from random crops, the same ones every time', async () => {
    const path = await task('breaths', classes);
    const crops = ['--crops', '3', '--crop-seconds', '0.5', '--aggregate', 'max', '--seed', '4'];
    expect(await run(...lungs, '--tasks', path, ...crops)).toMatchObject({ status: 0 });
    const { path: file, result } = await onlyResult();
    expect(result.evaluation.head?.crops).toEqual({ count: 3, seconds: 0.5, aggregate: 'max' });
    expect(result.evaluation.seed).toBe(4);
    const again = await hearken('reproduce', file, '--tasks', path, '--checkpoint', fixtures('patchmix', 'best.pth'));
    expect(again).toMatchObject({ status: 0 });
    await run(...lungs, '--tasks', path);
    expect((await readResults([results])).results).toHaveLength(2);
  });

  it('takes names of labels from a file, and all of it from a campaign file', async () => {
    const path = await task('fine-tuned', ['a', 'd']);
    const names = join(folder, 'names.txt');
    await writeFile(names, 'a\nb\nc\nd\n');
    expect(await run(...lungs, '--tasks', path, '--labels', names)).toMatchObject({ status: 0 });
    const { result } = await onlyResult();
    expect(result.evaluation.head?.labels).toEqual([
      { label: 'a', head: [0], names: ['a'] },
      { label: 'd', head: [3], names: ['d'] },
    ]);
    const campaign = join(folder, 'campaign.yaml');
    await writeFile(
      campaign,
      [
        `models: [{ model: patchmix, checkpoint: ${JSON.stringify(fixtures('patchmix', 'best.pth'))} }]`,
        `tasks: [${JSON.stringify(path)}]`,
        'evaluations:',
        '  - { probe: head, labels: [a, b, c, d] }',
        '  - { probe: head, labelMap: { a: normal, d: [crackle, both] }, crops: { count: 2, seconds: 0.5 } }',
      ].join('\n'),
    );
    const cache = join(folder, 'cache');
    const { status, out } = await hearken('run', campaign, '--out', results, '--cache', cache, '--json');
    expect(status).toBe(0);
    expect(out).toContain('head, mean of 2 crops of 0.5 s');
    const { results: found } = await readResults([results]);
    expect(found).toHaveLength(2);
    expect(found.map(({ result: one }) => one.evaluation.head?.crops)).toContainEqual({
      count: 2,
      seconds: 0.5,
      aggregate: 'mean',
    });
  });

  it.each([
    [
      'labels that the head lacks',
      ['asthma', 'normal', 'COPD'],
      lungs,
      [],
      /no label of the head for 2 of 3: 'asthma', 'COPD'/,
    ],
    ['a model without a head', classes, ['--model', 'baseline:mel'], [], /a model without a classifier of its own/],
    ['several seeds', classes, lungs, ['--seeds', '3'], /a head that is not trained/],
    ['principal components', classes, lungs, ['--pca', '2'], /a head that is not trained/],
    ['crops that are too short', classes, lungs, ['--crops', '2', '--crop-seconds', '0.001'], /ask for longer crops/],
    ['a length of crops without crops', classes, lungs, ['--crop-seconds', '1'], /say how many crops/],
    ['a dry run', classes, lungs, ['--dry-run'], /leave out --dry-run/],
  ] as const)('says what is wrong with %s', async (_, labels, model, more, message) => {
    const path = await task('breaths', labels);
    const { status, out, err } = await run(...model, '--tasks', path, ...more);
    expect(status).toBeGreaterThan(0);
    expect(out + err).toMatch(message);
  });

  it('refuses options of heads for other probes, and events from a head for whole windows', async () => {
    const path = await task('breaths', classes);
    const other = await hearken(
      'run',
      ...lungs,
      '--tasks',
      path,
      '--probe',
      'linear',
      '--crops',
      '2',
      '--out',
      results,
    );
    expect(other).toMatchObject({ status: 2 });
    expect(other.err).toMatch(/--crops[^]*probe 'linear'/);
    const splits = Object.fromEntries(
      ['train', 'valid', 'test'].map((split) => [split, { '0.wav': [{ start: 0, end: 500, label: 'normal' }] }]),
    );
    const metadata = { embedding_type: 'event', prediction_type: 'multilabel', evaluation: ['segment_1s_er'] };
    const events = await task('events', classes, { metadata, splits });
    const { err, out } = await run(...lungs, '--tasks', events);
    expect(out + err).toMatch(/whole windows only/);
    expect(await readFile(join(events, 'test.json'), 'utf8')).toContain('normal');
  });
});
