import { expect, it } from 'vitest';
import { timeLeft } from '../../src/cli/progress/time-left.js';

it('goes by what was done since the work began, and counts down between units', () => {
  let clock = 100;
  const time = timeLeft(() => clock);
  time.begin(20);
  clock = 105;
  expect(time.at(20, 100)).toBeUndefined();
  clock = 110;
  expect(time.at(40, 100)).toBe(30);
  clock = 114;
  expect(time.at(40, 100)).toBe(26);
  clock = 200;
  expect(time.at(40, 100)).toBe(0);
  time.begin(0);
  expect(time.at(0, 10)).toBeUndefined();
});
