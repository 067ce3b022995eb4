import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseQueue, type QueueState } from '../../src/worker/choose-queue.js';

const state = (name: string, more: Partial<QueueState> = {}): QueueState => ({
  ...{ name, needsModel: name !== 'work', waiting: 1, next: 1005, active: 0, delayed: 0, isPaused: false },
  ...more,
});

it('takes the most urgent job, even if its model has to be loaded', () => {
  const states = [state('a'), state('b', { next: 15 })];
  expect(chooseQueue(states, 'a')).toBe('b');
});

it('stays with the model that is loaded as long as there is work for it', () => {
  const states = [state('a'), state('b', { waiting: 1000 })];
  expect(chooseQueue(states, 'a')).toBe('a');
  expect(chooseQueue([state('a', { next: undefined, waiting: 0 }), states[1]], 'a')).toBe('b');
});

it('goes where the most work is for those who are there', () => {
  const states = [state('a', { waiting: 100, active: 20 }), state('b', { waiting: 30, active: 1 })];
  expect(chooseQueue(states, undefined)).toBe('b');
});

it('embeds before it trains on a GPU, but not for a less urgent campaign', () => {
  expect(chooseQueue([state('work', { next: 1004 }), state('a')], undefined)).toBe('work');
  expect(chooseQueue([state('work', { next: 1004 }), state('a')], undefined, true)).toBe('a');
  expect(chooseQueue([state('work', { next: 994 }), state('a')], undefined, true)).toBe('work');
});

it('asks a queue whose jobs wait for a time to come if there is nothing else', () => {
  const nothing = { next: undefined, waiting: 0 };
  expect(chooseQueue([state('work', nothing), state('a', { ...nothing, delayed: 1 })], undefined)).toBe('a');
  expect(chooseQueue([state('work', nothing)], undefined)).toBeUndefined();
});

it('asks a paused queue for nothing', () => {
  const paused = { isPaused: true, next: 15 };
  expect(chooseQueue([state('work', paused), state('a')], undefined)).toBe('a');
  expect(chooseQueue([state('work', { ...paused, delayed: 1 })], undefined)).toBeUndefined();
});

it('never chooses a paused queue, or one with a less urgent job than another has', () => {
  const any = fc.record({
    name: fc.constantFrom('work', 'a', 'b', 'c'),
    needsModel: fc.boolean(),
    waiting: fc.nat(100),
    next: fc.option(fc.nat(50), { nil: undefined }),
    active: fc.nat(10),
    delayed: fc.nat(2),
    isPaused: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(any, { selector: ({ name }) => name }),
      fc.constantFrom('a', undefined),
      (states, loaded) => {
        const chosen = states.find(({ name }) => name === chooseQueue(states, loaded));
        const urgent = states.flatMap(({ next, isPaused }) => (next === undefined || isPaused ? [] : [next]));
        expect(chosen?.isPaused ?? false).toBe(false);
        if (urgent.length > 0) expect(chosen?.next).toBe(Math.min(...urgent));
      },
    ),
  );
});
