import { describe, expect, it } from 'vitest';
import { LockWatch } from '../../src/files/lock-watch.js';

describe('LockWatch', () => {
  it('counts by its own clock since the last change that it saw, whatever the times say', () => {
    let now = 1000;
    const watch = new LockWatch(() => now);
    const nextYear = 4e12;
    expect(watch.look({ content: 'a', modified: nextYear })).toBe(0);
    now += 50;
    expect(watch.look({ content: 'a', modified: nextYear })).toBe(50);
    expect(watch.moved).toBe(false);
    now += 50;
    // The holder's clock was set back: a change all the same.
    expect(watch.look({ content: 'a', modified: 0 })).toBe(0);
    expect(watch.moved).toBe(true);
    now += 30;
    expect(watch.look({ content: 'a', modified: 0 })).toBe(30);
    expect(watch.look({ content: 'b', modified: 0 })).toBe(0);
    expect(watch.moved).toBe(false);
  });
});
