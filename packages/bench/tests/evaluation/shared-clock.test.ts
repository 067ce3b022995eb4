import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedClock } from '../../src/evaluation/shared-clock.js';

describe('SharedClock', () => {
  it('gives one training all of its time', () => {
    let now = 5000;
    const clock = new SharedClock(() => now);
    const first = clock.start();
    now += 2000;
    expect(first()).toBe(2);
    now += 1000;
    const second = clock.start();
    now += 500;
    expect(second()).toBe(0.5);
  });

  it('divides time between trainings that go on at once', () => {
    let now = 0;
    const clock = new SharedClock(() => now);
    const first = clock.start();
    now += 1000;
    const second = clock.start();
    now += 4000;
    expect(first()).toBe(3);
    now += 1000;
    expect(second()).toBe(3);
  });

  it('gives out the time that passed, no less and no more', () => {
    const steps = fc.array(fc.record({ milliseconds: fc.integer({ min: 0, max: 10_000 }), start: fc.boolean() }));
    fc.assert(
      fc.property(steps, (events) => {
        let now = 0;
        let passed = 0;
        let given = 0;
        const clock = new SharedClock(() => now);
        const running: (() => number)[] = [];
        for (const { milliseconds, start } of events) {
          now += milliseconds;
          if (running.length > 0) passed += milliseconds / 1000;
          if (start) running.push(clock.start());
          else given += running.shift()?.() ?? 0;
        }
        for (const stop of running) given += stop();
        expect(given).toBeCloseTo(passed, 6);
      }),
    );
  });
});
