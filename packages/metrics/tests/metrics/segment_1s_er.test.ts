import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import metric from '../../src/event/segment_1s_er.js';
import type { SoundEvent } from '../../src/scores.js';
import { anyEvents, event, eventLabels, oneFile } from './event-cases.js';

it('tells substitutions, deletions and insertions apart, segment by segment', () => {
  // Seconds 0 to 2: door and cough annotated; second 0 has another label instead of cough, second 1 lacks it, second 2 has one more.
  const reference = [event('door', 0, 3000), event('cough', 200, 2000)];
  const estimated = [event('door', 100, 2900), event('alert', 500, 700), event('alert', 2000, 2100)];
  const found = metric.details(oneFile(reference, estimated));
  expect(found.substitution_rate).toBeCloseTo(1 / 5, 12);
  expect(found.deletion_rate).toBeCloseTo(1 / 5, 12);
  expect(found.insertion_rate).toBeCloseTo(1 / 5, 12);
  expect(found.error_rate).toBeCloseTo(3 / 5, 12);
});

it('touches every segment that an event reaches into, and none that it only meets', () => {
  const reference = [event('door', 999, 1001)];
  expect(metric.compute(oneFile(reference, [event('door', 0, 2000)]))).toBe(0);
  expect(metric.compute(oneFile(reference, [event('door', 1000, 2000)]))).toBeCloseTo(0.5, 12);
  expect(metric.compute(oneFile(reference, [event('door', 0, 2001)]))).toBeCloseTo(0.5, 12);
});

it('is bounded in time and memory by the number of events, not by the times they claim', () => {
  const found = metric.compute(oneFile([event('door', 0, 1e15)], [event('door', 0, 5e14)]));
  expect(found).toBeCloseTo(0.5, 9);
});

describe('properties', () => {
  it('agrees with counting second by second', () => {
    fc.assert(
      fc.property(anyEvents(), anyEvents(), (reference, estimated) => {
        fc.pre(reference.length > 0);
        const found = metric.compute(oneFile(reference, estimated));
        expect(found).toBeCloseTo(errorRateBySeconds(reference, estimated), 12);
      }),
    );
  });

  it('is 0 for the annotation itself, and 1 for no event', () => {
    fc.assert(
      fc.property(anyEvents(), (events) => {
        fc.pre(events.length > 0);
        expect(metric.compute(oneFile(events, events.toReversed()))).toBe(0);
        expect(metric.compute(oneFile(events, []))).toBeCloseTo(1, 12);
      }),
    );
  });
});

function errorRateBySeconds(reference: SoundEvent[], estimated: SoundEvent[]): number {
  const active = (events: SoundEvent[], second: number) =>
    eventLabels.filter((label) =>
      events.some((one) => one.label === label && one.start < (second + 1) * 1000 && one.end > second * 1000),
    );
  let errors = 0;
  let annotated = 0;
  for (let second = 0; second < 5; second += 1) {
    const left = active(reference, second);
    const right = active(estimated, second);
    const common = left.filter((label) => right.includes(label)).length;
    errors += Math.max(left.length, right.length) - common;
    annotated += left.length;
  }
  return errors / annotated;
}
