import { FileError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestAnswers } from '@hearken/metrics/internal';
import { parseTestClips, testClipsText } from '../../src/answers/test-clips.js';

const task = { id: 'tâsk-v1-full', contentHash: 'abc' };
const labels = ['a "b"', 'c\n'];

const scenes: TestAnswers[] = ['fold00', 'fold01'].map((test) => ({
  kind: 'scene',
  test,
  clips: ['1.wav', 'ü "x".wav'],
  targets: Uint8Array.of(1, 0, 1, 1),
  predictions: new Float32Array(4),
}));

const events: TestAnswers[] = [
  {
    kind: 'event',
    test: 'test',
    clips: ['1.wav'],
    reference: [[{ label: 'c\n', start: 0, end: 100.5 }]],
    estimated: [[]],
  },
];

describe('files of test clips', () => {
  it('have a line a clip', () => {
    const lines = testClipsText(task, labels, scenes).split('\n');
    expect(lines).toHaveLength(6);
    expect(JSON.parse(lines[0])).toEqual({
      schemaVersion: 1,
      task: task.id,
      contentHash: 'abc',
      kind: 'scene',
      labels,
    });
    expect(lines[1]).toBe('{"test":"fold00","clip":"1.wav","labels":[0]}');
    expect(testClipsText(task, labels, events).split('\n')[1]).toBe(
      '{"test":"test","clip":"1.wav","reference":[[0,100.5,1]],"estimated":[]}',
    );
  });

  it('are read as they were written', () => {
    expect(parseTestClips(testClipsText(task, labels, scenes), 'x').clips).toEqual(
      ['fold00', 'fold01'].flatMap((test) => [
        { test, clip: '1.wav', labels: [0] },
        { test, clip: 'ü "x".wav', labels: [0, 1] },
      ]),
    );
    expect(parseTestClips(testClipsText(task, labels, events), 'x')).toMatchObject({
      kind: 'event',
      clips: [{ reference: [[0, 100.5, 1]], estimated: [] }],
    });
  });

  const head = testClipsText(task, labels, scenes).split('\n')[0];
  const eventHead = head.replace('scene', 'event');
  it.each([
    ['', /line 1/],
    ['{}', /line 1/],
    ['null', /line 1/],
    [head.replace('"schemaVersion":1', '"schemaVersion":2'), /line 1/],
    [`${head}\n{`, /line 2 is not valid JSON/],
    [`${head}\n{"test":"t","clip":"c"}`, /line 2/],
    [`${head}\n{"test":"t","clip":"c","labels":[2]}`, /line 2/],
    [`${head}\n{"test":"t","clip":"c","labels":[-1]}`, /line 2/],
    [`${head}\n{"test":1,"clip":"c","labels":[1]}`, /line 2/],
    [`${eventHead}\n{"test":"t","clip":"c","reference":[],"estimated":[[1,0,0]]}`, /line 2/],
    [`${eventHead}\n{"test":"t","clip":"c","reference":[[0,1,0,1]],"estimated":[]}`, /line 2/],
    [`${eventHead}\n{"test":"t","clip":"c","reference":[[null,1,0]],"estimated":[]}`, /line 2/],
  ])('are refused where they are none: %s', (text, message) => {
    expect(() => parseTestClips(text, 'here.jsonl')).toThrow(FileError);
    expect(() => parseTestClips(text, 'here.jsonl')).toThrow(message);
    expect(() => parseTestClips(text, 'here.jsonl')).toThrow(/here\.jsonl/);
  });

  it('give nothing but errors of their own, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.json(), fc.string(), fc.constant(head)), { maxLength: 4 }), (lines) => {
        try {
          parseTestClips(lines.join('\n'), 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(FileError);
        }
      }),
    );
  });
});
