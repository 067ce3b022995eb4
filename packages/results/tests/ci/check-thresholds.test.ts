import { describe, expect, it } from 'vitest';
import { checkThresholds, missedText } from '../../src/ci/check-thresholds.js';
import { parseThreshold } from '../../src/ci/threshold.js';
import { failed, scored } from './outcomes.js';

const outcomes = [
  scored({ model: 'small', score: 0.6 }),
  scored({ model: 'large', score: 0.8 }),
  scored({ model: 'large', task: 'speech-v1-full', metric: 'mAP', score: null }),
];
const missed = (...texts: string[]) =>
  checkThresholds(texts.map(parseThreshold), [...outcomes, failed()]).missed.map(missedText);

describe('checkThresholds', () => {
  it('compares every result that has the metric', () => {
    expect(checkThresholds([parseThreshold('top1_acc>=0.5')], outcomes)).toEqual({ compared: 2, missed: [] });
    expect(missed('top1_acc>=0.7')).toEqual([
      'made:small on tones-v1-full (mlp, 8 points of grid fast, seed 0): top1_acc is 0.6, wanted >= 0.7',
    ]);
  });

  it('compares the results of one task, by its id or name', () => {
    expect(missed('tones-v1-full:top1_acc<=0.5')).toHaveLength(2);
    expect(missed('tones:top1_acc<0.7')).toEqual([expect.stringContaining('made:large on tones-v1-full')]);
  });

  it('misses an undefined score', () => {
    expect(missed('mAP>=0')).toEqual([expect.stringContaining('mAP is undefined, wanted >= 0')]);
  });

  it.each([
    ['aucroc>=0.5', 'aucroc>=0.5: no result with a score of aucroc: the tasks have top1_acc, mAP'],
    ['speech:top1_acc>=0', "no score of top1_acc on task 'speech', which has mAP"],
    ['noises-v1-full:mAP>=0', "no score of mAP on task 'noises-v1-full': the task failed"],
    [
      'tone-v1-full:top1_acc>=0',
      "no task 'tone-v1-full' in this run: did you mean 'tones-v1-full'? it has tones-v1-full",
    ],
  ])('misses %s, which no result answers', (text, message) => {
    expect(missed(text)).toEqual([expect.stringContaining(message)]);
  });

  it('misses everything where nothing was scored', () => {
    expect(checkThresholds([parseThreshold('mAP>=0')], []).missed.map(missedText)).toEqual([
      'mAP>=0: no result with a score of mAP: no task has a score',
    ]);
  });
});
