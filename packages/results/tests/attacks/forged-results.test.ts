import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { made, type Forgery, forge, verify, summarize, drop } from './result-forgery.js';

/* Results are JSON that anybody may edit: what a forger would change is `any` here. */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return */

describe('a result that was forged', () => {
  it('is none: every result as it was made is verified, and what cannot be checked is said', async () => {
    const { status, out, json } = await verify('--tasks', join(made, 'tasks'));
    expect(json.flatMap(({ problems }) => problems)).toEqual([]);
    expect(status).toBe(0);
    expect(out).toMatch(/3 of 3 results verified\n$/);
    expect(out).toMatch(/cannot be checked for any result:\n- that the predictions come from the stated model/);
    expect(out).toMatch(/tones-v1-full\.json \(\d+ numbers\)\n +cannot be checked:\n/);
    for (const { cannotBeChecked } of json) {
      expect(cannotBeChecked.join('\n')).toMatch(/not a published one that Hearken knows/);
      expect(cannotBeChecked.join('\n')).toMatch(/validation scores, epochs/);
    }
  });

  it.each<[string, string, (forgery: Forgery) => unknown, RegExp]>([
    ['a mean', 'tones', ({ result }) => (result.scores.top1_acc.mean -= 0.1), /top1_acc, mean: states/],
    ['a deviation', 'folded', ({ result }) => (result.scores.top1_acc.deviation = 0.3), /deviation: states/],
    [
      'a score of a fold',
      'folded',
      ({ result }) => (result.folds[1].scores.top1_acc = 0.25),
      /fold 'fold01', top1_acc/,
    ],
    ['the bounds of an interval', 'tones', ({ result }) => (result.scores.aucroc.interval.low -= 0.1), /interval\.low/],
    [
      'the level of an interval',
      'tones',
      ({ result }) => (result.scores.aucroc.interval.level = 0.5),
      /interval\.level/,
    ],
    [
      'an interval that is null',
      'tones',
      ({ result }) => (result.scores.top1_acc.interval = null),
      /interval: states null/,
    ],
    [
      'an interval, of an older version of Hearken',
      'tones',
      ({ result }) => {
        result.harness.version = '0.0.9';
        result.scores.aucroc.interval.low -= 0.1;
      },
      /aucroc, interval\.low: states/,
    ],
    [
      "a label's area",
      'tones',
      ({ result }) => (Object.values<any>(result.scores.aucroc.delong)[0].low = 0.99),
      /delong\./,
    ],
    ['the rows of a fold', 'tones', ({ result }) => (result.folds[0].rows = 1000), /rows: states 1000, recomputed 12/],
    ['the number of clips', 'folded', ({ result }) => (result.task.clips = 24_000), /task\.clips is 24000, .* 24/],
    ['the number of labels', 'tones', ({ result }) => (result.task.labels = 9), /task\.labels is 9/],
    ['a normalised score', 'tones', ({ result }) => (result.normalizedScore = 1.2), /normalizedScore: states 1\.2/],
    ['folds in another order', 'folded', ({ result }) => result.folds.reverse(), /folds are \["fold02"/],
    [
      'a fold whose name joins others',
      'tones',
      ({ result, clips }) => {
        const [real] = result.folds;
        const names = [real.test, ...Array.from({ length: 399 }, (_, index) => `f${index}`)];
        const perfect = Object.fromEntries(Object.keys(real.scores).map((metric) => [metric, 1]));
        result.folds = names.map((test, index) => ({ ...real, test, scores: index === 0 ? real.scores : perfect }));
        summarize(result, 0.998);
        result.harness.version = '0.0.9';
        for (const clip of clips.slice(1)) clip.test = names.join(', ');
      },
      /folds are \["test","f0"/,
    ],
    [
      'a fold that is left out',
      'folded',
      ({ result }) => {
        result.folds.pop();
        summarize(result, 0.9);
      },
      /folds are/,
    ],
    [
      'a clip that is left out of one of the folds',
      'folded',
      (forgery) => drop(forgery, 3),
      /each clip is tested once/,
    ],
    [
      'a clip that comes twice',
      'tones',
      ({ clips }) => (clips[2].clip = clips[1].clip),
      /test clip '0\.wav' occurs twice/,
    ],
    [
      'all clips as test clips',
      'tones',
      ({ result }) => (result.task.clips = 12),
      /task\.clips is 12, but that leaves no clips to train/,
    ],
    ['clips in another order', 'tones', ({ clips }) => clips.push(clips.splice(1, 1)[0]), /states|different labels/],
    [
      'predictions that are swapped',
      'tones',
      ({ predictions: { data } }) => data.set([data[2], data[3], data[0], data[1]]),
      /fold 'test', top1_acc: states/,
    ],
    [
      'predictions that are cut off',
      'tones',
      ({ predictions }) => Object.assign(predictions, { data: predictions.data.slice(0, 10), shape: [5, 2] }),
      /shape \[5, 2\], expected \[12, 2\]/,
    ],
    [
      'predictions of another shape',
      'tones',
      ({ predictions }) => Object.assign(predictions, { shape: [2, 12] }),
      /shape \[2, 12\]/,
    ],
    [
      "a shape that is not the file's",
      'tones',
      ({ result }) => (result.predictions.shape = [6, 4]),
      /predictions\.shape is \[6,4\]/,
    ],
    [
      'NaN',
      'tones',
      ({ predictions }) => (predictions.data[3] = Number.NaN),
      /not finite numbers: NaN in row 1, label 1/,
    ],
    ['infinity', 'tones', ({ predictions }) => (predictions.data[0] = Infinity), /not finite numbers/],
    [
      'numbers that are no probabilities',
      'tones',
      ({ predictions }) => (predictions.data[23] = 7),
      /not probabilities: 7 in row 11/,
    ],
    [
      'event predictions that are no probabilities',
      'events',
      ({ predictions }) => (predictions.data[0] = -3),
      /not probabilities: -3/,
    ],
    [
      'events that were moved',
      'events',
      ({ clips }) =>
        (clips[1].estimated = [
          [0, 499, 1],
          [0, 499, 0],
        ]),
      /segment_1s_er/,
    ],
    [
      'parts of an event score',
      'events',
      ({ result }) => (Object.values<any>(result.folds[0].parts)[0].x = 1),
      /parts\./,
    ],
    [
      'test clips of another task',
      'tones',
      ({ clips }) => (clips[0].contentHash = '0'.repeat(64)),
      /with different content/,
    ],
    [
      'no checkpoint hash',
      'tones',
      ({ result }) => delete result.model.checkpointSha256,
      /model\.checkpointSha256 is missing/,
    ],
    [
      'a checkpoint hash that is none',
      'tones',
      ({ result }) => (result.model.checkpointSha256 = 'abc'),
      /expected a SHA-256/,
    ],
    [
      'no interval',
      'tones',
      ({ result }) => delete result.scores.top1_acc.interval,
      /scores\.top1_acc\.interval is missing, expected an interval or null/,
    ],
    ['no schemaVersion', 'tones', ({ result }) => delete result.schemaVersion, /schemaVersion is missing/],
    ['another schemaVersion', 'tones', ({ result }) => (result.schemaVersion = '1'), /schemaVersion is '1'; this/],
    ['no model', 'tones', ({ result }) => delete result.model, /model is missing, expected an object/],
    ['a model that is a text', 'tones', ({ result }) => (result.model = 'hear'), /model is 'hear', expected an object/],
    [
      'a metric of nobody',
      'tones',
      ({ result }) => {
        result.scores.mine = result.scores.top1_acc;
        result.folds[0].scores.mine = 1;
      },
      /scores\.'mine' is not a known metric/,
    ],
    [
      'a metric of an extension that is not loaded',
      'tones',
      ({ result }) => {
        result.scores.mine = result.scores.top1_acc;
        result.folds[0].scores.mine = 1;
        const stated = { kind: 'metric', name: 'mine', version: '1.0.0', summary: 'mine', maximize: true };
        result.extensions = [{ ...stated, module: 'mine.mjs', sha256: 'a'.repeat(64) }];
      },
      /needs the custom metric 'mine' 1.0.0 of 'mine.mjs'/,
    ],
    [
      'a key that is __proto__',
      'tones',
      (forgery) => (forgery.text = JSON.stringify(forgery.result).replace('"top1_acc":{', '"__proto__":{')),
      /scores\.'__proto__'|scores lacks|scores has/,
    ],
    [
      'JSON that is very deep',
      'tones',
      (forgery) => (forgery.text = '['.repeat(200_000) + ']'.repeat(200_000)),
      /nested over 64 deep/,
    ],
    [
      'JSON that is deep inside of a result',
      'tones',
      (forgery) =>
        (forgery.text = JSON.stringify(forgery.result).replace(
          /}$/,
          `,"x":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`,
        )),
      /nested over 64 deep/,
    ],
    ['text in place of JSON', 'tones', (forgery) => (forgery.text = 'score: 1'), /not valid JSON/],
    ['a file elsewhere', 'tones', ({ result }) => (result.testClips.file = '../x.jsonl'), /test ?[cC]lips of result/],
  ])('%s: fails alone, named', async (_what, name, edit, message) => {
    const path = await forge(name, edit);
    const { status, out, json } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(message);
    expect(out).toMatch(/2 of 3 results verified\n$/);
    const failed = json.filter(({ ok }) => !ok);
    expect(failed.map(({ file }) => file)).toEqual([path]);
  });
});
