import { expect, it } from 'vitest';
import metric from '../../src/event/event_onset_offset_50ms_20perc_fms.js';
import { event, oneFile } from './event-cases.js';

it('asks for the offset within 20 % of a long event', () => {
  const reference = [event('door', 1000, 2000)];
  expect(metric.compute(oneFile(reference, [event('door', 1000, 2199)]))).toBe(1);
  expect(metric.compute(oneFile(reference, [event('door', 1000, 2201)]))).toBe(0);
  expect(metric.compute(oneFile(reference, [event('door', 1051, 2000)]))).toBe(0);
});

it('asks for the offset within 50 ms of a short event', () => {
  const reference = [event('door', 1000, 1100)];
  expect(metric.compute(oneFile(reference, [event('door', 1000, 1149)]))).toBe(1);
  expect(metric.compute(oneFile(reference, [event('door', 1000, 1151)]))).toBe(0);
});

it('takes the length from the annotation, not from the estimate', () => {
  expect(metric.compute(oneFile([event('door', 0, 400)], [event('door', 0, 490)]))).toBe(0);
  expect(metric.compute(oneFile([event('door', 0, 490)], [event('door', 0, 400)]))).toBe(1);
});
