// Fine-tuning by the command: results, saved models, what is refused.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileSha256 } from '@hearken/core/node';
import { Random } from '@hearken/metrics';
import { GraphBuilder, linear, relu } from '@hearken/onnx';
import type { Result } from '@hearken/results';
import { readResults } from '@hearken/results/node';
import { encodeWav } from '@hearken/signals/node';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { type TaskParts, writeTask } from '../../../../tests/support/task-folder.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let results: string;

const weights = fileURLToPath(new URL('../../../plugins-efficientat/tests/fixtures/mn01_as.pt', import.meta.url));
const model = ['--model', 'efficientat:mn01_as', '--checkpoint', weights];
const rate = 16_000;
const seconds = 0.25;

/** A low or a high tone in noise. */
function sound(isHigh: boolean, index: number): Float32Array {
  const step = (isHigh ? 0.7 : 0.05) * (1 + 0.02 * index);
  return Float32Array.from(
    { length: rate * seconds },
    (_, at) => 0.5 * Math.sin(at * step) + 0.05 * Math.sin(at * at + index),
  );
}

/** A task of clips with low and high tones, half of each. */
async function task(name: string, parts: TaskParts = {}): Promise<string> {
  const files: Record<string, Uint8Array> = {};
  const splits: Record<string, Record<string, unknown>> = {};
  for (const [place, [split, count]] of Object.entries({ train: 16, valid: 8, test: 8 }).entries()) {
    splits[split] = {};
    for (let clip = 0; clip < count; clip += 1) {
      const isHigh = clip % 2 === 1;
      files[`${rate}/${split}/${clip}.wav`] = encodeWav(sound(isHigh, 20 * place + clip), rate);
      splits[split][`${clip}.wav`] = [isHigh ? 'high' : 'low'];
    }
  }
  const metadata = { task_name: name, sample_duration: seconds, evaluation: ['top1_acc'], ...parts.metadata };
  return writeTask(join(folder, name), { vocabulary: 'idx,label\n0,high\n1,low\n', splits, files, ...parts, metadata });
}

/** A network of two linear layers on a quarter of a second. */
function plainModel(): Uint8Array {
  const random = new Random(1);
  const graph = new GraphBuilder('plain');
  const samples = rate * seconds;
  const drawn = (rows: number, columns: number) =>
    graph.constant(
      Float32Array.from({ length: rows * columns }, () => random.normal() / Math.sqrt(columns)),
      [rows, columns],
    );
  const zeros = graph.constant(new Float32Array(16), [16]);
  const hidden = relu(graph, linear(graph, graph.input('signal', ['n', samples]), drawn(16, samples), zeros));
  graph.output('embedding', linear(graph, hidden, drawn(16, 16), zeros), ['n', 16]);
  return graph.build();
}

const finetune = (...args: string[]) =>
  hearken('finetune', ...model, '--out', results, '--cache', join(folder, 'cache'), '--threads', '1', ...args);
const quick = ['--set', 'epochs=3', '--set', 'batchSize=8'];

async function onlyResult(): Promise<{ path: string; result: Result }> {
  const { results: found } = await readResults([results]);
  expect(found).toHaveLength(1);
  return found[0];
}

beforeEach(async () => {
  folder = await temporaryFolder();
  results = join(folder, 'results');
});

describe('hearken finetune', () => {
  it('trains a model, scores it once, and saves it so that it loads again', async () => {
    const path = await task('tones');
    const { status, out, err } = await finetune('--tasks', path, '--recipe', 'full', ...quick, '--json');
    expect([status, err]).toEqual([0, expect.stringContaining('trained models in ')]);
    expect(JSON.parse(out)).toBeTruthy();
    const { path: file, result } = await onlyResult();
    expect(result.evaluation).toMatchObject({
      probe: 'finetune',
      gridPoints: 1,
      finetune: { recipe: 'full', settings: { epochs: 3, batchSize: 8, learningRate: 1e-4 } },
    });
    expect(result.model.options).not.toHaveProperty('examples');
    expect(result.isDefault).toBe(false);
    const { details } = result.folds[0];
    expect(details).toMatchObject({ recipe: 'full', steps: 6 });
    expect(details!.trainableParameters).toBeGreaterThan(50_000);
    expect(details!.history).toHaveLength(3);
    const saved = details!.checkpoint as { name: string; sha256: string }[];
    const models = join(file.replace(/\.json$/, '.checkpoints'), 'split-0-seed-0');
    expect((await readdir(models)).sort()).toEqual(saved.map(({ name }) => name).sort());
    for (const { name, sha256 } of saved) expect(await fileSha256(join(models, name))).toBe(sha256);
    const clip = join(path, String(rate), 'test', '0.wav');
    const said = await hearken('predict', '--model', 'efficientat', '--checkpoint', models, clip, '--json');
    expect(said.status).toBe(0);
    const { labels } = JSON.parse(said.out) as { labels: { label: string; probability: number }[] };
    expect(labels.map(({ label }) => label).sort()).toEqual(['high', 'low']);
    // Its head answers as in the result.
    const again = await hearken(
      ...['run', '--model', 'efficientat', '--checkpoint', models, '--probe', 'head', '--tasks', path, '--json'],
      ...['--out', join(folder, 'again'), '--cache', join(folder, 'cache')],
    );
    expect(again.status).toBe(0);
    const [{ result: ofHead }] = (await readResults([join(folder, 'again')])).results;
    expect(ofHead.scores.top1_acc.mean).toBe(result.scores.top1_acc.mean);
    expect(await hearken('verify', file)).toMatchObject({ status: 0 });
    expect((await hearken('results', results)).out).toContain('fine-tuned (full)');
    // The same again is finished.
    expect((await finetune('--tasks', path, '--recipe', 'full', ...quick)).err).toContain('already finished');
    const reproduced = await hearken(
      ...['reproduce', file, '--checkpoint', weights, '--tasks', path, '--cache', join(folder, 'other')],
    );
    expect([reproduced.status, reproduced.err]).toEqual([0, expect.anything()]);
  });

  it('trains shares of the clips, several seeds, and adapters', async () => {
    const path = await task('tones');
    const options = ['--train-fractions', '0.5,1', '--seeds', '2', '--no-keep-models'];
    const { status } = await finetune('--tasks', path, '--recipe', 'head', ...quick, ...options);
    expect(status).toBe(0);
    const { results: found } = await readResults([results]);
    expect(found.map(({ result }) => [result.evaluation.trainFraction ?? 1, result.seeds?.length]).sort()).toEqual([
      [0.5, 2],
      [1, 2],
    ]);
    expect(found.every(({ result }) => result.folds[0].details?.checkpoint === undefined)).toBe(true);
  });

  it('trains adapters of any model with a graph, and saves it with them and without', async () => {
    const onnx = join(folder, 'plain.onnx');
    await writeFile(onnx, plainModel());
    const options = ['--model', onnx, '--options', JSON.stringify({ sampleRate: rate })];
    const path = await task('tones');
    const args = ['--recipe', 'lora', '--set', 'rank=2', ...quick, '--tasks', path, '--out', results];
    const { status, err } = await hearken('finetune', ...options, ...args, '--cache', join(folder, 'cache'));
    expect([status, err]).toEqual([0, expect.stringContaining('trained models in ')]);
    const { path: file, result } = await onlyResult();
    const saved = result.folds[0].details!.checkpoint as { name: string }[];
    expect(saved.map(({ name }) => name).sort()).toEqual([
      'adapter/adapter_config.json',
      'adapter/adapter_model.safetensors',
      'model.onnx',
    ]);
    const trained = join(file.replace(/\.json$/, '.checkpoints'), 'split-0-seed-0', 'model.onnx');
    const again = await hearken(
      ...['run', '--model', trained, ...options.slice(2), '--probe', 'head', '--tasks', path, '--json'],
      ...['--out', join(folder, 'again'), '--cache', join(folder, 'cache')],
    );
    expect([again.status, again.err]).toEqual([0, expect.anything()]);
    const [{ result: ofHead }] = (await readResults([join(folder, 'again')])).results;
    expect(ofHead.scores.top1_acc.mean).toBe(result.scores.top1_acc.mean);
  });

  it('runs recipes of a campaign beside probes', async () => {
    const campaign = join(folder, 'campaign.yaml');
    await writeFile(
      campaign,
      `models: [{ model: 'efficientat:mn01_as', checkpoint: '${weights}' }]
tasks: ['${await task('tones')}']
evaluations: [linear]
recipes: [{ recipe: head, settings: { epochs: 2, batchSize: 8 } }]
out: '${results}'
cache: '${join(folder, 'cache')}'
`,
    );
    const { status, out } = await hearken('run', campaign);
    expect([status, out]).toEqual([0, expect.stringContaining('recipe head, epochs 2, batchSize 8')]);
    const { results: found } = await readResults([results]);
    expect(found.map(({ result }) => result.evaluation.probe).sort()).toEqual(['finetune', 'linear']);
    const board = join(folder, 'board');
    expect(await hearken('report', results, '--out', board)).toMatchObject({ status: 0 });
    expect(await readFile(join(board, 'index.html'), 'utf8')).toContain('fine-tuned, head');
  });

  it.each([
    ['an unknown recipe', ['--recipe', 'ful'], /no such recipe for this model[\s\S]*did you mean 'full'\?/],
    ['a recipe of another family', ['--recipe', 'hubert-ecg'], /known: head, last-blocks, lora, full/],
    ['an unknown setting', ['--recipe', 'full', '--set', 'epoch=1'], /did you mean 'epochs'\?/],
    ['a value out of range', ['--recipe', 'full', '--set', 'epochs=0'], /a whole number above 0/],
    ['a setting without a value', ['--recipe', 'full', '--set', 'epochs'], /no NAME=VALUE/],
    ['a setting twice', ['--recipe', 'full', '--set', 'epochs=1', '--set', 'epochs=2'], /'epochs' twice/],
    ['a rate that explodes', ['--recipe', 'full', '--set', 'learningRate=1e30', ...quick], /step \d+ of the training/],
  ])('refuses %s', async (_, args, message) => {
    const { status, err } = await finetune('--tasks', await task('tones'), ...args);
    expect([status === 0, err]).toEqual([false, expect.stringMatching(message)]);
    expect(err).not.toMatch(/^ +at /m);
  });

  it('refuses a model without training, and a probe by that name', async () => {
    const tasks = ['--tasks', await task('tones'), '--out', results, '--cache', join(folder, 'cache')];
    const baseline = await hearken('finetune', '--model', 'baseline:mel', '--recipe', 'full', ...tasks);
    expect([baseline.status === 0, baseline.err]).toEqual([false, expect.stringContaining('to train')]);
    const probe = await hearken('run', ...model, '--probe', 'finetune', ...tasks);
    expect([probe.status, probe.err]).toEqual([2, expect.stringContaining('use hearken finetune')]);
  });
});
