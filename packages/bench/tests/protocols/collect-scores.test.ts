import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readNpy } from '@hearken/signals';
import { metricByName, type SceneMetric } from '@hearken/metrics';
import { collectScores } from '@hearken/results/node';
import { followsProtocol } from '@hearken/results/internal/node';
import type { Protocol } from '@hearken/results';
import { hasFailed } from '../../src/run/benchmark.js';
import { runBenchmark } from '../../src/run/run-benchmark.node.js';
import { fakeRun } from '../../../../tests/support/fake-run.js';
import { answering } from '../../../../tests/support/scored-task.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';
import { writeToneTask } from '../../../../tests/support/tone-task.js';

const temporaryFolder = temporaryFolders();
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

const evaluation = { probe: 'linear', grid: 'default', gridPoints: 8 } as const;
const tones = [{ taskName: 'tones' }];

function protocolOf(tasks: Protocol['groups'][number]['tasks']): Protocol {
  const about = { name: 'made-up', title: 'Made up', source: 'nobody', notes: [] };
  return { ...about, evaluation, aggregation: 'mean', groups: [{ name: 'all', tasks }] };
}

async function result(seed = 0, more: Parameters<typeof fakeRun>[2] = {}) {
  const task = await writeToneTask(join(folder, 'task'), { clips: 20, metadata: { evaluation: ['mAP', 'top1_acc'] } });
  const options = { evaluation: { ...evaluation, seed }, evaluate: answering(0.7, 3 + seed), ...more };
  const [outcome] = await runBenchmark(fakeRun(folder, [task], options));
  if (hasFailed(outcome)) throw outcome.error;
  return { path: outcome.path, result: outcome.result };
}

describe('collectScores', () => {
  it('takes the metric that the protocol names, of one label where it says so', async () => {
    const at = await result();
    const protocol = protocolOf([
      { title: 'accuracy', folders: tones, metric: 'top1_acc' },
      { title: 'high', folders: tones, metric: 'mAP', label: 'high' },
      { title: 'shrill', folders: tones, metric: 'mAP', label: 'shrill' },
      { title: 'elsewhere', folders: [...tones, { taskName: 'other' }], metric: 'mAP' },
      { title: 'areas', folders: tones, metric: 'aucroc' },
    ]);
    const [model] = await collectScores(protocol, [at]);
    expect(model.model).toBe('fake:small');
    expect([...model.scores.keys()]).toEqual(['accuracy', 'high']);
    expect(model.scores.get('accuracy')).toBe(at.result.scores.top1_acc.mean);
    const { data } = readNpy(await readFile(at.path.replace('.json', '.predictions.npy')));
    const predictions = data.filter((_, index) => index % 2 === 1);
    const targets = Uint8Array.from(predictions, (_, clip) => clip % 2);
    const metric = metricByName('mAP') as SceneMetric;
    expect(model.scores.get('high')).toBe(metric.compute({ predictions, targets, labels: ['high'] }));
    expect(model.missing.map(({ task, reason }) => [task, reason.replace(at.path, 'PATH')])).toEqual([
      ['shrill', "tones: no label 'shrill' in 'PATH'"],
      ['elsewhere', 'other: no result'],
      ['areas', "tones: no aucroc in 'PATH'"],
    ]);
  });

  it('passes over other evaluations, tells variants of a model apart, and wants one result a task', async () => {
    const protocol = protocolOf([{ title: 'accuracy', folders: tones, metric: 'top1_acc' }]);
    const first = await result();
    const mlp = await result(0, { evaluation: { ...evaluation, probe: 'mlp', seed: 0 } });
    const half = await result(0, { trainFractions: [0.5] });
    expect([first, mlp, half].map((one) => followsProtocol(protocol, one.result))).toEqual([true, false, false]);
    const louder = await result(0, { modelOptions: { scale: 2 } });
    const models = await collectScores(protocol, [first, mlp, half, louder]);
    expect(models.map(({ model }) => model)).toEqual([
      expect.stringMatching(/^fake:small \([0-9a-f]{8}\)$/),
      expect.stringMatching(/^fake:small \([0-9a-f]{8}\)$/),
    ]);
    const again = await result(1);
    await expect(collectScores(protocol, [first, again])).rejects.toThrow(/one result of fake:small on tones.*2:/);
  });
});
