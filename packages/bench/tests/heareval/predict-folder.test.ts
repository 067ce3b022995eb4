import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileArtifacts } from '@hearken/artifacts/node';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Evaluation } from '@hearken/results';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import { hyperparametersOf } from '../../src/heareval/hyperparameters.js';
import { predictFolder } from '../../src/heareval/predict-folder.node.js';
import { predictedScores } from '../../src/heareval/predicted-scores.js';
import { multiclassOutput } from '../../src/probes/outputs/multiclass.js';
import { multilabelOutput } from '../../src/probes/outputs/multilabel.js';
import { readEmbeddingFolder } from '../../src/heareval/read-embedding-folder.node.js';
import { pythonPickle, writePythonEvents, writePythonScenes } from '../../../../tests/support/python-embeddings.js';
import type { Evaluate } from '../../src/run/benchmark.js';
import { Milestone } from '../../../../tests/support/milestone.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
/** One configuration that learns within seconds. */
const evaluation_params = {
  task_specific_param_grid: { lr: [0.01], max_epochs: [60], patience: [60], hidden_layers: [1] },
  event_postprocessing_grid: { median_filter_ms: [0], min_duration: [0] },
};
const metadata = { evaluation_params };
const evaluation = { probe: 'mlp', grid: 'faster', gridPoints: 1, seed: 0 } as const;
let root: string;
let folder: string;

beforeEach(async () => {
  root = await temporaryFolder();
  folder = join(root, 'some-model', 'task');
});

const predict = (force = false, evaluate: Evaluate = evaluateTask) =>
  predictFolder(folder, {
    evaluation,
    artifacts: new FileArtifacts(join(root, 'artifacts')),
    threads: 1,
    force,
    evaluate,
  });

async function scoresFile(): Promise<Record<string, Record<string, unknown>>> {
  return JSON.parse(await readFile(join(folder, 'test.predicted-scores.json'), 'utf8')) as never;
}

describe('predictFolder', () => {
  it('scores a scene folder of Python and leaves heareval’s files', async () => {
    await writePythonScenes(folder, { metadata });
    const result = await predict();
    expect(result).toMatchObject({
      task: 'tiny-v1-full',
      model: 'some-model',
      metric: 'top1_acc',
      clips: 12,
      chance: 0.5,
      reused: false,
      warnings: [],
    });
    // The first value alone tells the labels apart.
    expect(result.score).toBe(1);
    const scores = await scoresFile();
    expect(Object.keys(scores)).toEqual(['test', 'hparams', 'postprocessing', 'score_mode', 'embedding_path']);
    const keys = ['test_loss', 'test_score', 'test_top1_acc', 'validation_score', 'epoch', 'time_in_min'];
    expect(Object.keys(scores.test)).toEqual(keys);
    expect(scores).toMatchObject({ score_mode: 'max', postprocessing: [], embedding_path: folder });
    expect(scores.hparams).toMatchObject({ batch_size: 1024, optim: "<class 'torch.optim.adam.Adam'>" });
    const done = JSON.parse(await readFile(join(folder, 'prediction-done.json'), 'utf8')) as Record<string, unknown>;
    expect(done).toMatchObject({ embedding_size: 3, grid_points: 1, in_memory: true });
    expect(await readdir(folder)).not.toContain('lock');
  });

  it('does not score again what is scored, and leaves heareval’s own scores alone', async () => {
    await writePythonScenes(folder);
    const first = await predict();
    const { score, clips, chance } = first;
    expect(await predict()).toMatchObject({ reused: true, score, clips, chance });
    expect((await predict(true)).reused).toBe(false);
    await writeFile(join(folder, 'prediction-done.json'), '{"time": 3}');
    await expect(predict()).rejects.toThrow(/heareval left there/);
    expect((await predict(true)).score).toBe(first.score);
  });

  it('gives two runs that score a folder at the same time the same scores', async () => {
    await writePythonScenes(folder, { metadata });
    const both = new Milestone();
    let begun = 0;
    const evaluate: Evaluate = async (...args) => {
      begun += 1;
      if (begun === 2) both.reach();
      await both.reached;
      return evaluateTask(...args);
    };
    const [one, two] = await Promise.all([predict(false, evaluate), predict(false, evaluate)]);
    expect([one.reused, two.reused]).toEqual([false, false]);
    expect(two.score).toBe(one.score);
    expect(await predict()).toMatchObject({ reused: true, score: one.score });
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp') || name === 'lock')).toEqual([]);
  });

  it('scores a folder whose scores another run is writing, or left when it was killed', async () => {
    await writePythonScenes(folder, { metadata });
    const { score } = await predict();
    await rm(join(folder, 'prediction-done.json'));
    await expect(predict()).rejects.toThrow(/heareval left there/);
    await writeFile(join(folder, '.hearken-scores'), '');
    expect(await predict()).toMatchObject({ reused: false, score });
    expect(await readdir(folder)).not.toContain('.hearken-scores');
  });

  it('scores again where another run has replaced the scores', async () => {
    await writePythonScenes(folder, { metadata });
    await predict();
    const path = join(folder, 'test.predicted-scores.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"score_mode": "max"', '"score_mode": "min"'));
    expect((await predict()).reused).toBe(false);
    expect((await predict()).reused).toBe(true);
  });

  it('scores an event folder of Python', async () => {
    await writePythonEvents(folder, { metadata });
    const result = await predict();
    expect(result.metric).toBe('event_onset_200ms_fms');
    expect(result.score).toBe(1);
    expect(result.clips).toBeGreaterThan(1);
    expect(result.chance).toBeLessThan(1);
    const scores = await scoresFile();
    expect(scores.test).toMatchObject({ test_score: result.score, test_event_onset_200ms_fms: result.score });
    expect(scores.test).toHaveProperty('test_segment_1s_er');
  });

  it('warns of labels that training lacks, and of a folder that may be half', async () => {
    const labels = Array.from({ length: 4 }, () => ['low']);
    const files = { 'train.target-labels.pkl': pythonPickle(labels), '.done.embeddings': null };
    await writePythonScenes(folder, { files, clips: 4 });
    expect((await predict()).warnings.map(({ code }) => code)).toEqual(['label-not-in-training', 'embedding-not-done']);
  });
});

const fold = (test: string, score: number, more: object = {}) => ({
  test,
  scores: { top1_acc: score },
  validationScore: score / 2,
  epoch: 3,
  epochsTrained: 9,
  seconds: 6,
  predictions: Float32Array.of(0.25, 0.75, 0.5, 0.5),
  ...more,
});

describe('predictedScores', () => {
  it('aggregates folds as pandas does', async () => {
    const names = ['fold00', 'fold01', 'fold02'];
    await writePythonScenes(folder, { clips: 2 });
    const { input } = await readEmbeddingFolder(folder);
    const splits = new Map(names.map((name, index) => [name, [...input.splits.values()][index]]));
    const folded = { ...input.metadata, splitMode: 'new_split_kfold' as const };
    const folds = [fold('fold00', 0.2), fold('fold01', 0.4), fold('fold02', 0.9)];
    const configuration = { hiddenLayers: 2, learningRate: 1e-3 };
    const scores = { top1_acc: { mean: 0.5, deviation: null } };
    const made: Evaluation = { scores, folds, configuration, gridPoints: [], epochsTrained: 1, seconds: 1 };
    const result = predictedScores({ ...input, metadata: folded, splits }, made, 'embeddings/model/task') as Record<
      string,
      Record<string, number>
    >;
    expect(Object.keys(result).slice(0, 4)).toEqual([...names, 'aggregated_scores']);
    // Rows low and high: -log 0.25 and -log 0.5.
    expect(result.fold00.test_loss).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 6);
    expect(result.fold00.time_in_min).toBe(0.1);
    expect(result.aggregated_scores.test_top1_acc_mean).toBeCloseTo(0.5, 12);
    expect(result.aggregated_scores.test_top1_acc_std).toBeCloseTo(Math.sqrt(0.13), 12);
    expect(result.aggregated_scores.validation_score_mean).toBeCloseTo(0.25, 12);
    expect(result.aggregated_scores.epoch_std).toBe(0);
  });

  it('says how events were made and what they are made of', async () => {
    await writePythonEvents(folder, { clips: 2 });
    const { input } = await readEmbeddingFolder(folder);
    // Both clips: frames 1 and 2 active; the second clip with the wrong label.
    const on = [0.1, 0.1, 0.9, 0.1, 0.9, 0.1, 0.1, 0.1];
    const predictions = Float32Array.from([...on, ...on]);
    const decision = { medianFilter: 250, minimumDuration: 125 };
    const one = fold('test', 0.5, {
      predictions,
      decision,
      scores: { event_onset_200ms_fms: 0.5, segment_1s_er: 0.5 },
    });
    const made = { scores: {}, folds: [one], configuration: {}, gridPoints: [], epochsTrained: 1, seconds: 1 };
    const result = predictedScores(input, made, 'x') as Record<string, Record<string, number>>;
    expect(result.postprocessing).toEqual([
      ['median_filter_ms', 250],
      ['min_duration', 125],
    ]);
    expect(result.test).toMatchObject({
      test_event_onset_200ms_fms: 0.5,
      test_event_onset_200ms_fms_f_measure: 0.5,
      test_event_onset_200ms_fms_precision: 0.5,
      test_event_onset_200ms_fms_recall: 0.5,
      test_segment_1s_er_error_rate: 0.5,
    });
  });
});

describe('the parts of predicted scores', () => {
  it('bound the loss of probabilities that are 0', () => {
    expect(multiclassOutput.meanLossOfProbabilities(Float32Array.of(0, 1), Uint8Array.of(1, 0), 2)).toBe(100);
    expect(multilabelOutput.meanLossOfProbabilities(Float32Array.of(0.5, 1), Uint8Array.of(1, 0), 2)).toBeCloseTo(
      (Math.log(2) + 100) / 2,
      12,
    );
  });

  it('name hyper-parameters as heareval does, and others in snake case', () => {
    const mlp = {
      hiddenLayers: 1,
      hiddenDimension: 64,
      checkEveryEpochs: 3,
      hiddenNorm: 'batch',
      initialization: 'xavierNormal',
    };
    expect(hyperparametersOf(mlp)).toMatchObject({
      hidden_layers: 1,
      hidden_dim: 64,
      check_val_every_n_epoch: 3,
      hidden_norm: "<class 'torch.nn.modules.batchnorm.BatchNorm1d'>",
      initialization: 'xavier_normal_',
      norm_after_activation: false,
    });
    expect(hyperparametersOf({ penaltyStrength: 3 })).toEqual({ penalty_strength: 3 });
  });
});
