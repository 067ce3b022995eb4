import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { made, type Forgery, forge, verify, drop } from './result-forgery.js';

/* Results are JSON that anybody may edit: what a forger would change is `any` here. */
/* eslint-disable @typescript-eslint/no-unsafe-member-access */

describe('a result that was forged along with its test clips', () => {
  it.each<[string, string, (forgery: Forgery) => unknown, RegExp]>([
    [
      'a test clip that is left out',
      'tones',
      (forgery) => drop(forgery, 3),
      /1 of the task's 12 clips are missing, such as '3\.wav'/,
    ],
    ['a clip of another name', 'tones', ({ clips }) => (clips[1].clip = 'easy.wav'), /clips are missing/],
    [
      'labels that were changed',
      'folded',
      ({ clips }) => (clips[1].labels = [1]),
      /fold 'fold00': clip '0\.wav' has different labels in the task/,
    ],
    [
      'events that were changed',
      'events',
      ({ clips }) => (clips[1].reference = []),
      /has different labels in the task/,
    ],
    ['labels that were renamed', 'tones', ({ clips }) => (clips[0].labels = ['low', 'hoch']), /labels is 'low, hoch'/],
    [
      'the hash of another content',
      'tones',
      ({ clips, result }) => (clips[0].contentHash = result.task.contentHash = 'a'.repeat(64)),
      /task\.contentHash is 'a+'/,
    ],
    [
      'the rate of another folder',
      'tones',
      ({ result }) => (result.task.sampleRate = 16_000),
      /task\.sampleRate is 16000/,
    ],
  ])('%s: is seen against the task, and what it takes is said', async (_what, name, edit, message) => {
    await forge(name, edit);
    const { status, out } = await verify('--tasks', join(made, 'tasks'));
    expect(status).toBe(1);
    expect(out).toMatch(message);
    expect((await verify()).out).toMatch(/labels and events are the task's, unless the task is passed with --tasks/);
  });

  it.each<[string, (forgery: Forgery) => unknown, RegExp]>([
    [
      'a checkpoint that was never run',
      ({ result }) => (result.model.checkpointSha256 = 'b'.repeat(64)),
      /predictions come from the stated model, checkpoint/,
    ],
    ['a probe that was never trained', ({ result }) => (result.evaluation.probe = 'mlp'), /the winning configuration/],
    [
      'files without a hash',
      ({ result }) => {
        delete result.predictions.sha256;
        delete result.testClips.sha256;
      },
      /without their hash/,
    ],
    [
      'thresholds',
      ({ result }) => (result.folds[0].decision = { thresholds: {} }),
      /thresholds were chosen on validation: they are taken as stated/,
    ],
    [
      'no interval, in a result of version 1',
      ({ result }) => {
        result.schemaVersion = 1;
        delete result.scores.top1_acc.interval;
      },
      /intervals of top1_acc: the result states none/,
    ],
    ['a validation score', ({ result }) => (result.folds[0].validationScore = 1), /validation scores/],
    ['the machine', ({ result }) => (result.machine.processor = 'abacus'), /the machine/],
  ])('%s: is named among what cannot be checked', async (_what, edit, line) => {
    await forge('tones', edit);
    const { status, out } = await verify();
    expect(status).toBe(0);
    expect(out).toMatch(line);
  });

  it('of a task that is published is held against the registry', async () => {
    const path = await forge('tones', ({ result, clips }) => {
      Object.assign(result.task, { id: 'esc50-v2.0.0-full', name: 'esc50', version: 'v2.0.0' });
      clips[0].task = 'esc50-v2.0.0-full';
    });
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toContain(`FAILED  ${path}`);
    expect(out).toMatch(/task\.clips is 36, but HEAR's catalogue has 2000 for esc50-v2\.0\.0-full/);
    expect(out).toMatch(/task\.labels is 2, but HEAR's catalogue has 50/);
    expect(out).toMatch(/folds is 1, but HEAR's catalogue has 5/);
    expect(out).toMatch(/content hash is that of the published esc50-v2\.0\.0-full: Hearken knows no hash of it/);
  });
});
