import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchSignals, oneAhead, readInOrder } from '../../src/embeddings/signal-batches.js';

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('batchSignals', () => {
  it('keeps order, mixes no lengths and stays within the bound', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        async (lengths, bound) => {
          const read = (index: number) => Promise.resolve(new Float32Array(lengths[index]).fill(index));
          const batches = await collect(batchSignals(readInOrder([...lengths.keys()], read), 1, bound));
          expect(batches.flatMap(({ items }) => items)).toEqual([...lengths.keys()]);
          for (const { items, signals } of batches) {
            expect(signals.count).toBe(items.length);
            expect(items.length === 1 || signals.data.length <= bound).toBe(true);
            items.forEach((item, row) => {
              expect(lengths[item]).toBe(signals.samples);
              expect(signals.data[row * signals.samples]).toBe(item);
            });
          }
          for (let index = 1; index < batches.length; index += 1) {
            const [before, after] = [batches[index - 1].signals, batches[index].signals];
            const couldJoin = before.samples === after.samples && before.data.length + after.samples <= bound;
            expect(couldJoin).toBe(false);
          }
        },
      ),
    );
  });
});

describe('oneAhead', () => {
  it('makes the next item while the last one is used, and no more', async () => {
    const log: string[] = [];
    async function* source() {
      for (const item of ['a', 'b', 'c']) {
        log.push(`make ${item}`);
        yield await Promise.resolve(item);
      }
    }
    for await (const item of oneAhead(source())) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      log.push(`use ${item}`);
    }
    expect(log).toEqual(['make a', 'make b', 'use a', 'make c', 'use b', 'use c']);
  });

  it('hands on an error after the items before it', async () => {
    async function* source() {
      yield await Promise.resolve(1);
      throw new Error('unreadable');
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const item of oneAhead(source())) seen.push(item);
    })();
    await expect(reading).rejects.toThrow('unreadable');
    expect(seen).toEqual([1]);
  });
});
