import { OptionError } from '@hearken/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { WorkerLanes } from '../../src/evaluation/lanes/worker-lanes.node.js';
import { sourceProgram } from './lanes/source-program.js';
import { eventTask } from './made-up-task.js';
import { MemoryJournal } from './memory-journal.js';
import { numbers, quickEvaluation, quickTask } from './quick-evaluation.js';

// Threads that take TypeScript need seconds to start, so few tests start any.
describe('worker threads', () => {
  const laneStarter = new WorkerLanes(sourceProgram);
  const lanes = 2;
  const input = quickTask();
  let whole: unknown;

  beforeAll(async () => {
    whole = numbers(await quickEvaluation(input));
  });

  it('give the numbers that one thread gives, and leave the embeddings where they are', async () => {
    const journal = new MemoryJournal();
    const evaluation = await quickEvaluation(input, { laneStarter, lanes, journal });
    expect(numbers(evaluation)).toEqual(whole);
    expect(journal.records.size).toBe(8);
    expect(input.splits.get('fold00')!.embeddings.buffer).toBeInstanceOf(ArrayBuffer);
    const resumed = await quickEvaluation(input, { laneStarter, lanes, journal });
    expect(numbers(resumed)).toEqual(whole);
  });

  it('train each kind of probe on shared rows, scenes and events', async () => {
    const events = eventTask({ splitMode: 'presplit_kfold', clips: { fold00: 4, fold01: 4, fold02: 4 } });
    const options = { probe: 'linear', pca: 3 };
    const alone = numbers(await quickEvaluation(events, options));
    expect(numbers(await quickEvaluation(events, { ...options, laneStarter, lanes }))).toEqual(alone);
  });

  it('pass on what goes wrong in them as it is', async () => {
    const refused = quickEvaluation(input, { laneStarter, lanes, pca: 100 });
    await expect(refused).rejects.toThrow(OptionError);
    await expect(refused).rejects.toMatchObject({ asked: '100 principal components' });
  });

  it('stop when they are told to, and keep what is finished', async () => {
    const journal = new MemoryJournal();
    const controller = new AbortController();
    const stopped = quickEvaluation(input, {
      laneStarter,
      lanes,
      journal,
      abortSignal: controller.signal,
      onProgress: ({ finished }) => {
        if (finished === 3) controller.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(journal.records.size).toBeGreaterThanOrEqual(3);
    expect(journal.records.size).toBeLessThan(6);
    expect(numbers(await quickEvaluation(input, { journal }))).toEqual(whole);
  });
});

describe('without a built lane', () => {
  it('there are none', () => {
    const program = { url: new URL('./no-such-lane.js', import.meta.url) };
    const efforts = [1, 2].map(() => ({ bytes: 1, operations: 1e15 }));
    const request = { setup: { input: quickTask(), probe: 'mlp' }, efforts, lanes: 2 };
    expect(new WorkerLanes(program).count(request)).toBe(1);
    expect(new WorkerLanes(sourceProgram).count(request)).toBe(2);
  });
});
