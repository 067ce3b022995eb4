import { fileURLToPath } from 'node:url';
import type { BenchmarkOptions, Evaluate } from '../../packages/bench/src/run/benchmark.js';

/** The plugin for tests, by its path. */
export const fakePlugin = fileURLToPath(
  new URL('../../packages/bench/tests/fixtures/fake-plugin/index.mjs', import.meta.url),
);

/** Clips that the fake plugin has embedded in this process. */
export function embeddedClips(): number {
  return (globalThis as { hearkenFake?: { clips: number } }).hearkenFake?.clips ?? 0;
}

/** Says that everything is a draw; quick, and enough where the score does not matter. */
export const fakeEvaluate: Evaluate = async ({ labels, metadata, splits }, { journal }) => {
  const test = splits.get('test');
  if (test === undefined) throw new Error('no test split');
  await journal?.write('only', { values: {}, arrays: {} });
  const configuration = {
    hiddenLayers: 1,
    hiddenDimension: 8,
    dropout: 0,
    learningRate: 1e-3,
    patience: 1,
    maxEpochs: 1,
    checkEveryEpochs: 1,
    batchSize: 8,
    hiddenNorm: 'none',
    initialization: 'xavierNormal',
  } as const;
  return {
    scores: Object.fromEntries(metadata.evaluation.map((metric) => [metric, { mean: 0.5, deviation: null }])),
    folds: [
      {
        test: 'test',
        scores: Object.fromEntries(metadata.evaluation.map((metric) => [metric, 0.5])),
        validationScore: 0.5,
        epoch: 1,
        epochsTrained: 1,
        seconds: 0.25,
        predictions: new Float32Array(test.count * labels.length).fill(0.5),
      },
    ],
    configuration,
    gridPoints: [],
    epochsTrained: 1,
    seconds: 0.25,
  };
};

/** Options of a quick run of the fake plugin below `folder`. */
export function fakeRun(
  folder: string,
  tasks: readonly string[],
  more: Partial<BenchmarkOptions> = {},
): BenchmarkOptions {
  return {
    model: fakePlugin,
    tasks,
    out: `${folder}/out`,
    cache: `${folder}/cache`,
    evaluate: fakeEvaluate,
    ...more,
  };
}
