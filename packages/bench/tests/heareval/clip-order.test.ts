import { join } from 'node:path';
import { FileArtifacts } from '@hearken/artifacts/node';
import { beforeEach, describe, expect, it } from 'vitest';
import { inClipOrder } from '../../src/heareval/clip-order.js';
import { embedTaskFolder } from '../../src/heareval/embed-task-folder.node.js';
import { predictFolder } from '../../src/heareval/predict-folder.node.js';
import { readEmbeddingFolder } from '../../src/heareval/read-embedding-folder.node.js';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { openTask } from '@hearken/tasks/node';
import { fakePlugin, fakeRun } from '../../../../tests/support/fake-run.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
/** Small batches, so that the order of the rows matters. */
const grid = {
  task_specific_param_grid: { lr: [0.01], max_epochs: [6], patience: [6], hidden_layers: [1], batch_size: [4] },
};
const evaluation = { probe: 'mlp', grid: 'faster', gridPoints: 1, seed: 0 } as const;
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('run, and heareval embed with heareval predict', () => {
  it.each([false, true])('give the same score of the same task (events: %s)', async (event) => {
    const path = await writeToneTask(join(folder, 'task'), {
      event,
      clips: 20,
      metadata: {
        evaluation_params: { ...grid, event_postprocessing_grid: { median_filter_ms: [0], min_duration: [0] } },
      },
    });
    const [ran] = await runBenchmark(
      fakeRun(folder, [path], { evaluate: undefined, evaluation, runtime: { threads: 1 } }),
    );
    if ('error' in ran) throw ran.error;
    const plugin = await createNodeRegistry().resolve(fakePlugin);
    const embedder = await plugin.loadModel(undefined, {});
    const embedded = join(folder, 'embeddings', 'task');
    await embedTaskFolder(await openTask(path), { plugin, embedder }, { folder: embedded });
    await embedder.dispose();
    const predicted = await predictFolder(embedded, {
      evaluation,
      artifacts: new FileArtifacts(join(folder, 'artifacts')),
      threads: 1,
    });
    const { metric, scores, folds } = ran.result;
    expect(predicted.score).toBe(scores[metric].mean);
    expect(predicted.scores).toMatchObject({ test: { validation_score: folds[0].validationScore } });
    const { input } = await readEmbeddingFolder(embedded);
    expect(input.splits.get('train')?.clipNames.slice(0, 3)).toEqual(['0.wav', '1.wav', '2.wav']);
  });
});

it('leaves rows alone whose labels are not those of the clips that they would be', () => {
  const split = {
    embeddings: Float32Array.of(1, 2, 3),
    count: 3,
    size: 1,
    targets: Uint8Array.of(1, 0, 1, 0, 1, 0),
    clipNames: ['row 0', 'row 1', 'row 2'],
    clipOf: Uint32Array.of(0, 1, 2),
  };
  const clips = ['a', 'a', 'b'].map((label, index) => ({ name: `${index}.wav`, labels: [label], events: [] }));
  expect(inClipOrder(new Map([['train', { split, clips }]]), ['a', 'b']).get('train')).toBe(split);
});
