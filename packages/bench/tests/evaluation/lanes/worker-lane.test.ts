import { HearkenError, TaskError } from '@hearken/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { EvaluationInput } from '../../../src/evaluation/evaluation.js';
import type { TrainingJob } from '../../../src/evaluation/lanes/trainer.js';
import { WorkerLane } from '../../../src/evaluation/lanes/worker-lane.node.js';

const program = { url: new URL('./scripted-lane.mjs', import.meta.url) };
const lanes: WorkerLane[] = [];

afterEach(async () => {
  for (const lane of lanes.splice(0)) await lane.dispose();
});

/** A lane that does what its jobs say; `calls` counts those of its calls of the runtime that came to their end. */
function scripted(probe = 'any') {
  const calls = new Int32Array(new SharedArrayBuffer(4));
  const input = { splits: calls } as unknown as EvaluationInput;
  const lane = new WorkerLane(program, { input, probe });
  lanes.push(lane);
  return { lane, calls };
}

function job(does: string, seed = 0): TrainingJob {
  return { train: [], valid: [], configuration: { does }, seed };
}

/** A training that has told of its first epoch. */
async function begun(lane: WorkerLane, training: TrainingJob): Promise<{ readonly end: Promise<unknown> }> {
  return new Promise((resolve) => {
    const end: Promise<unknown> = lane.train(training, () => {
      resolve({ end });
    });
  });
}

describe('a lane', () => {
  it('trains one probe after the other, and tells of its epochs', async () => {
    const { lane } = scripted();
    await lane.ready;
    for (const seed of [3, 4]) {
      const epochs: unknown[] = [];
      const trained = await lane.train(job('train', seed), (...at) => epochs.push(at));
      expect(trained).toMatchObject({ validationScore: 1, arrays: { weight: Float32Array.of(seed) } });
      expect(epochs).toEqual([[1, 2, 0.5]]);
    }
  });

  it('passes an error on as what it was, and trains on', async () => {
    const { lane } = scripted();
    await expect(lane.train(job('fail'))).rejects.toThrow(TaskError);
    await expect(lane.train(job('fail'))).rejects.toMatchObject({ code: 'TASK', asked: 'a', found: 'b', fix: 'c' });
    await expect(lane.train(job('train'))).resolves.toMatchObject({ epochsTrained: 2 });
  });

  it.each([
    ['throw', 'out of hand'],
    ['end', 'it ended with status 7'],
  ])('says so when its thread does not survive: %s', async (does, found) => {
    const { lane } = scripted();
    await expect(lane.train(job(does))).rejects.toMatchObject({ code: 'HEARKEN', found });
    await expect(lane.train(job('train'))).rejects.toThrow(HearkenError);
  });

  it('says so when it does not start', async () => {
    const { lane } = scripted('broken');
    await expect(lane.ready).rejects.toMatchObject({ code: 'HEARKEN', found: 'no such thing' });
    await lane.dispose();
  });

  it.each(['wait', 'spin'])('stops at once between two calls of the runtime: %s', async (does) => {
    const { lane } = scripted();
    await lane.ready;
    const training = await begun(lane, job(does));
    // Neither would ever end by itself.
    void lane.stop(new Error('enough'));
    await expect(training.end).rejects.toThrow('enough');
    await expect(lane.train(job('train'))).rejects.toThrow('enough');
  });

  it('lets a call of the runtime come to its end', async () => {
    const { lane, calls } = scripted();
    await lane.ready;
    const training = await begun(lane, job('call'));
    void lane.stop(new Error('enough'));
    await expect(training.end).rejects.toThrow('enough');
    expect(calls[0]).toBe(1);
  });

  it('is not ended before it has loaded', async () => {
    const { lane, calls } = scripted('slow start');
    await lane.stop(new Error('enough'));
    expect(calls[0]).toBe(1);
    await expect(lane.ready).resolves.toBeUndefined();
  });

  it('stops when whoever follows its epochs fails', async () => {
    const { lane } = scripted();
    const training = lane.train(job('wait'), () => {
      throw new Error('a closed pipe');
    });
    await expect(training).rejects.toThrow('a closed pipe');
  });
});
