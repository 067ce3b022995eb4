import { describe, expect, it } from 'vitest';
import { sharedSplits } from '../../../src/evaluation/lanes/shared-splits.js';
import { eventTask, sceneTask } from '../made-up-task.js';

describe('sharedSplits', () => {
  it.each([
    ['scenes', sceneTask()],
    ['events', eventTask()],
  ])('puts arrays into shared memory, and changes nothing: %s', (_, { splits }) => {
    const shared = sharedSplits(splits);
    expect([...shared.keys()]).toEqual([...splits.keys()]);
    for (const [name, split] of shared) {
      const original = splits.get(name)!;
      expect(split).toEqual(original);
      const { embeddings, targets, clipOf, timestamps } = split;
      for (const array of [embeddings, targets, clipOf, ...(timestamps === undefined ? [] : [timestamps])]) {
        expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
      }
    }
  });

  it('takes what is shared already as it is', () => {
    const once = sharedSplits(sceneTask().splits);
    const twice = sharedSplits(once);
    expect(twice.get('train')!.embeddings).toBe(once.get('train')!.embeddings);
  });
});
