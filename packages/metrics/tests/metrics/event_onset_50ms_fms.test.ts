import { expect, it } from 'vitest';
import metric from '../../src/event/event_onset_50ms_fms.js';
import { event, oneFile } from './event-cases.js';

it('asks for the onset within 50 ms, whatever the offset', () => {
  const reference = [event('door', 1000, 2000)];
  expect(metric.compute(oneFile(reference, [event('door', 951, 5000)]))).toBe(1);
  expect(metric.compute(oneFile(reference, [event('door', 1051, 2000)]))).toBe(0);
});
