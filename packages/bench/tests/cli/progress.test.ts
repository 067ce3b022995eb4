import { TaskError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { errorText } from '../../src/cli/error-text.js';
import { lineView } from '../../src/cli/progress/line-view.js';
import { durationText } from '@hearken/core/internal';
import { runProgress } from '../../src/cli/progress/run-progress.js';
import type { BenchmarkEvent } from '../../src/run/benchmark.js';

/** Shows events at given seconds, and returns the lines. */
function linesOf(events: readonly (readonly [number, BenchmarkEvent])[]): string[] {
  let clock = 0;
  let text = '';
  const now = () => clock;
  const show = runProgress(
    lineView((part) => (text += part), now),
    { now },
  );
  for (const [seconds, event] of events) {
    clock = seconds;
    show(event);
  }
  return text.trimEnd().split('\n');
}

function embed(done: number): BenchmarkEvent {
  return { kind: 'embed', task: 'fsdd', split: 'train', done, total: 100, cached: 20 };
}

function probe(index: number, epoch: number): BenchmarkEvent {
  return { kind: 'probe', task: 'fsdd', stage: 'grid', index, total: 8, epoch, maxEpochs: 500, bestScore: 0.5 };
}

describe('progress lines', () => {
  it('say what, how far and how long left, every few seconds', () => {
    const lines = linesOf([
      [0, { kind: 'task', task: 'fsdd', index: 0, total: 2 }],
      [0, embed(20)],
      [2, embed(30)],
      [10, embed(60)],
      [11, embed(70)],
    ]);
    expect(lines).toEqual([
      'Task 1 of 2: fsdd',
      'fsdd: embedding ...',
      // 40 clips in 10 s: the 40 that are left take as long.
      'fsdd: embedding: 60 %, 60 of 100 clips, 20 from the cache, 10 s left',
    ]);
  });

  it('say how far the fine-tuning of each fold is', () => {
    const update = (update: number): BenchmarkEvent => ({
      ...{ kind: 'update', task: 'fsdd', update, totalUpdates: 40, epoch: 1, epochs: 4 },
      ...{ loss: 0.123456, gradientNorm: 1, bestScore: update > 20 ? 0.75 : null },
    });
    const lines = linesOf([
      [0, update(1)],
      [10, update(11)],
      [10, probe(0, 1)],
      [20, update(21)],
      [21, update(1)],
    ]);
    expect(lines).toEqual([
      'fsdd: fine-tuning ...',
      'fsdd: fine-tuning: 27 %, epoch 1 of 4, loss 0.1235, 26 s left',
      'fsdd: fine-tuning: 52 %, epoch 1 of 4, loss 0.1235, best 0.7500, 18 s left',
      'fsdd: fine-tuning 2 ...',
    ]);
  });

  it('tell the time that is left of a grid by its finished points', () => {
    const lines = linesOf([
      [0, probe(0, 0)],
      [10, probe(0, 100)],
      [20, probe(1, 1)],
      [26, probe(1, 50)],
    ]);
    expect(lines).toEqual([
      'fsdd: probe, grid ...',
      'fsdd: probe, grid: 2 %, configuration 1 of 8, epoch 100, best 0.5000',
      'fsdd: probe, grid: 12 %, configuration 2 of 8, epoch 1, best 0.5000, 2 min 20 s left',
      'fsdd: probe, grid: 13 %, configuration 2 of 8, epoch 50, best 0.5000, 2 min 14 s left',
    ]);
  });

  it('say how many trainings there are at once, and never go back', () => {
    const at = (index: number, epoch: number, finished: number, done: number): BenchmarkEvent => ({
      ...probe(index, epoch),
      ...{ finished, done, running: 2 },
    });
    const lines = linesOf([
      [0, at(3, 250, 0, 0.5)],
      [10, at(0, 100, 0, 0.7)],
      [20, at(0, 300, 1, 1.6)],
    ]);
    expect(lines).toEqual([
      'fsdd: probe, grid ...',
      'fsdd: probe, grid: 8 %, configuration 1 of 8, epoch 100, best 0.5000, 2 at once',
      'fsdd: probe, grid: 20 %, configuration 1 of 8, epoch 300, best 0.5000, 2 at once, 2 min 20 s left',
    ]);
  });

  it('tell what is no part of a result', () => {
    expect(linesOf([[0, { kind: 'note', task: 'fsdd', message: 'waiting' }]])).toEqual(['fsdd: waiting']);
  });

  it('show why a task failed', () => {
    const error = new TaskError({ asked: "clip 'a'", found: 'NaN', fix: 'repair it' });
    const lines = linesOf([[0, { kind: 'outcome', outcome: { task: 'fsdd', model: 'm', error } }]]);
    expect(lines).toEqual(['fsdd: failed', "Error: clip 'a'", '  found:  NaN', '  to do:  repair it']);
  });
});

describe('durationText', () => {
  it.each([
    [0.4, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [3599, '59 min 59 s'],
    [7500, '2 h 5 min'],
    [-3, '0 s'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

describe('errorText', () => {
  it('keeps each part on one line, and the stack to itself', () => {
    const error = new TaskError({ asked: 'a\nb', found: 'c', fix: 'd' });
    expect(errorText(error)).toBe('Error: a b\n  found:  c\n  to do:  d\n');
    expect(errorText(new TypeError('x\n    at y'))).toBe(
      'Error: x at y\n  to do:  run again with --debug to see where it comes from\n',
    );
    expect(errorText('text')).toContain('Error: text');
    expect(errorText(error, true)).toContain('progress.test.ts');
  });
});
