import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import metric from '../../src/event/event_onset_200ms_fms.js';
import { anyEvents, event, oneFile } from './event-cases.js';

it('asks for the label, and for the onset within 200 ms, whatever the offset', () => {
  const reference = [event('door', 1000, 2000)];
  expect(metric.compute(oneFile(reference, [event('door', 1200, 5000)]))).toBe(1);
  expect(metric.compute(oneFile(reference, [event('door', 1201, 2000)]))).toBe(0);
  expect(metric.compute(oneFile(reference, [event('cough', 1000, 2000)]))).toBe(0);
});

it('takes an onset on the very edge of the collar, as sed_eval does in seconds', () => {
  expect(metric.compute(oneFile([event('door', 0, 100)], [event('door', 200, 300)]))).toBe(1);
  // In float64 0.4 - 0.2 is 0.2 itself.
  expect(metric.compute(oneFile([event('door', 200, 900)], [event('door', 400, 900)]))).toBe(1);
});

it('pairs as many events as possible, where taking the first that fits would miss one', () => {
  const reference = [event('door', 1000, 1100), event('door', 1150, 1300)];
  // The first annotated event fits both estimates, the second only the one that comes first in the list.
  const estimated = [event('door', 1190, 1300), event('door', 850, 900)];
  expect(metric.details(oneFile(reference, estimated))).toEqual({ f_measure: 1, precision: 1, recall: 1 });
});

it('pools the files and labels before dividing', () => {
  const scores = {
    reference: new Map([
      ['a.wav', [event('door', 0, 100)]],
      ['b.wav', [event('cough', 0, 100), event('cough', 500, 600), event('alert', 900, 950)]],
    ]),
    estimated: new Map([
      ['a.wav', [event('door', 0, 100)]],
      ['c.wav', [event('door', 0, 100)]],
    ]),
    labels: ['alert', 'cough', 'door'],
  };
  const { f_measure, precision, recall } = metric.details(scores);
  expect([precision, recall]).toEqual([0.5, 0.25]);
  expect(f_measure).toBeCloseTo(1 / 3, 15);
});

describe('properties', () => {
  it('is 1 for the annotation itself, in any order', () => {
    fc.assert(
      fc.property(anyEvents(), (events) => {
        fc.pre(events.length > 0);
        expect(metric.compute(oneFile(events, events.toReversed()))).toBe(1);
      }),
    );
  });

  it('does not depend on the order of events, and exchanging the sides exchanges precision and recall', () => {
    fc.assert(
      fc.property(anyEvents(), anyEvents(), (reference, estimated) => {
        const found = metric.details(oneFile(reference, estimated));
        expect(metric.details(oneFile(reference.toReversed(), estimated.toReversed()))).toEqual(found);
        const exchanged = metric.details(oneFile(estimated, reference));
        expect([exchanged.precision, exchanged.recall]).toEqual([found.recall, found.precision]);
      }),
    );
  });

  it('pairs no fewer events than any order of taking the first that fits', () => {
    fc.assert(
      fc.property(anyEvents(), anyEvents(), (reference, estimated) => {
        fc.pre(reference.length > 0);
        const taken = new Set<number>();
        for (const annotated of reference) {
          const fits = estimated.findIndex(
            ({ label, start }, index) =>
              !taken.has(index) && label === annotated.label && Math.abs(start - annotated.start) <= 199,
          );
          if (fits >= 0) taken.add(fits);
        }
        const recall = metric.details(oneFile(reference, estimated)).recall ?? 0;
        expect(recall * reference.length).toBeGreaterThanOrEqual(taken.size - 1e-9);
        expect(recall).toBeLessThanOrEqual(Math.min(1, estimated.length / reference.length));
      }),
    );
  });
});
