import { describe, expect, it } from 'vitest';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import { defineMetric } from '../../src/extensions/define-metric.js';
import { loadExtensions } from '../../src/extensions/load-extensions.node.js';
import type { LaneRequest } from '../../src/evaluation/lanes/trainer.js';
import { WorkerLanes } from '../../src/evaluation/lanes/worker-lanes.node.js';
import { sourceProgram } from '../evaluation/lanes/source-program.js';
import { sceneTask } from '../evaluation/made-up-task.js';
import { numbers } from '../evaluation/quick-evaluation.js';
import { extensionPath } from './fixtures.js';

class CountedLanes extends WorkerLanes {
  started = 0;

  override start(count: number, request: LaneRequest) {
    this.started += count;
    return super.start(count, request);
  }
}

const options = { probe: 'nearest-mean', grid: 'default', gridPoints: 4, seed: 0 } as const;
const input = sceneTask({ evaluation: ['mcc', 'top1_acc'], noise: 2 });

describe('worker threads', () => {
  it('import the modules of metrics and probes themselves, and give the numbers that one thread gives', async () => {
    const extensions = await loadExtensions([extensionPath('mcc'), extensionPath('nearest-mean')]);
    const alone = await evaluateTask(input, { ...options, ...extensions, threads: 1 });
    const laneStarter = new CountedLanes(sourceProgram);
    const together = await evaluateTask(input, { ...options, ...extensions, laneStarter, lanes: 2 });
    expect(laneStarter.started).toBe(2);
    expect(numbers(together)).toEqual(numbers(alone));
  });

  it('do not start for what only the caller has', async () => {
    const { probes = [], extensionModules } = await loadExtensions([extensionPath('nearest-mean')]);
    const metric = defineMetric({
      name: 'mcc',
      version: '1.0.0',
      summary: 'made up',
      kind: 'scene',
      maximize: true,
      range: [0, 1],
      compute: () => 0.5,
    });
    const laneStarter = new CountedLanes(sourceProgram);
    const own = { probes, extensionModules, metrics: [metric] };
    const { scores } = await evaluateTask(input, { ...options, ...own, laneStarter, lanes: 2 });
    expect(laneStarter.started).toBe(0);
    expect(scores.mcc.mean).toBe(0.5);
  });
});
