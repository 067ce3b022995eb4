import { AudioError, OptionError } from '@hearken/core';
import { UnsoundError, type Target } from '../../fuzz/engine/target.js';

function target(name: string, run: Target['run']): Target {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);
  return { name, allowed: ['AudioError'], seeds: () => Promise.resolve([{ 'seed.bin': bytes }]), run };
}

const parts = { asked: 'a', found: 'b', fix: 'c' };

/** Readers with one fault each, and some without. */
export const faultyTargets: readonly Target[] = [
  target('sound', (files) => {
    if (Object.values(files)[0].length % 2 === 0) throw new AudioError(parts);
    return Promise.resolve();
  }),
  target('throws', () => Promise.reject(new TypeError('not a function'))),
  target('refuses', () => Promise.reject(new OptionError(parts))),
  target('unsound', () => Promise.reject(new UnsoundError('no answer'))),
  target('hangs', () => {
    for (;;);
  }),
  target('ends', () => process.exit(7)),
  target('aborts', () => process.abort()),
  target('hoards', async () => {
    const kept: Buffer[] = [];
    for (let count = 0; count < 1024; count += 1) {
      kept.push(Buffer.alloc(2 ** 24, 1));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }),
  target('dislikes 0xff', (files) => {
    if (files['seed.bin'].includes(0xff)) throw new TypeError('0xff');
    return Promise.resolve();
  }),
  target('uses a folder', () => Promise.resolve()),
];

export { faultyTargets as targets };
