import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMet, parseThreshold, type ThresholdRelation } from '../../src/ci/threshold.js';

const relations: readonly ThresholdRelation[] = ['>=', '>', '<=', '<'];

describe('parseThreshold', () => {
  it.each([
    ['top1_acc>=0.8', { metric: 'top1_acc', relation: '>=', value: 0.8 }],
    [' mae < 3 ', { metric: 'mae', relation: '<', value: 3 }],
    ['d_prime>-1e-1', { metric: 'd_prime', relation: '>', value: -0.1 }],
    ['mae<=.5', { metric: 'mae', relation: '<=', value: 0.5 }],
    ['esc50-v2.0.0-full:top1_acc>=1', { task: 'esc50-v2.0.0-full', metric: 'top1_acc', relation: '>=', value: 1 }],
    ['a:b>c:mAP>=+1', { task: 'a:b>c', metric: 'mAP', relation: '>=', value: 1 }],
  ])('reads %s', (text, parts) => {
    expect(parseThreshold(text)).toEqual({ text, ...parts });
  });

  it('reads every task, metric, relation and number', () => {
    const task = fc.option(
      fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== ''),
      { nil: undefined },
    );
    const metric = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,20}$/);
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(
        task,
        metric,
        fc.constantFrom(...relations),
        value,
        fc.boolean(),
        (task, metric, relation, value, wide) => {
          const space = wide ? ' ' : '';
          const text = `${task === undefined ? '' : `${task}:`}${metric}${space}${relation}${space}${value}`;
          expect(parseThreshold(text)).toEqual({
            text,
            ...(task === undefined ? {} : { task }),
            metric,
            relation,
            value: Object.is(value, -0) ? 0 : value,
          });
        },
      ),
    );
  });

  it('reads any other text or refuses it with what to write instead', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:<>=0.8e-+ %\n') }), (text) => {
        try {
          const { metric, relation, value } = parseThreshold(text);
          expect(metric).toMatch(/\S/);
          expect(relations).toContain(relation);
          expect(value).toSatisfy(Number.isFinite);
        } catch (error) {
          expect(error).toMatchObject({ code: 'OPTION', fix: expect.stringMatching(/\w/) as unknown });
        }
      }),
    );
  });

  it.each([
    ['top1_acc', 'no >=, >, <= or <', 'in quotes'],
    ['top1_acc=0.8', 'no >=, >, <= or <', 'METRIC>=VALUE'],
    ['top1_acc>=', 'no number after >=', '0.8'],
    ['top1_acc>=80%', "'80%' instead of a number", 'not 80%'],
    ['top1_acc>=1e999', "'1e999' instead of a number", '0.8'],
    ['top1_acc=>0.8', '=> instead of >=', 'write >='],
    ['>=0.8', 'no metric before >=', 'METRIC>=VALUE'],
    ['esc50:>=0.8', 'no metric before >=', 'METRIC>=VALUE'],
    [':top1_acc>=0.8', 'no task before the colon', 'leave out the colon'],
  ])('refuses %s', (text, found, fix) => {
    expect(() => parseThreshold(text)).toThrow(
      expect.objectContaining({
        asked: `threshold '${text}'`,
        found: expect.stringContaining(found) as unknown,
        fix: expect.stringContaining(fix) as unknown,
      }),
    );
  });
});

describe('isMet', () => {
  const met = (text: string, score: number | null) => isMet(parseThreshold(text), score);

  it.each([
    ['m>=0.8', [0.8, 0.9], [0.79]],
    ['m>0.8', [0.81], [0.8, 0.7]],
    ['m<=3', [3, -1], [3.1]],
    ['m<3', [2.9], [3, 4]],
  ])('%s', (text, fulfilling, others) => {
    expect(fulfilling.map((score) => met(text, score))).toEqual(fulfilling.map(() => true));
    expect(others.map((score) => met(text, score))).toEqual(others.map(() => false));
  });

  it('is not for an undefined score', () => {
    expect(relations.map((relation) => met(`m${relation}0`, null))).toEqual([false, false, false, false]);
  });

  it('does not depend on how a mean of equal scores is rounded', () => {
    const [low, high] = [0.8 - 2 ** -52, (0.8 + 0.8 + 0.8) / 3];
    expect(high).not.toBe(0.8);
    expect([met('m>=0.8', low), met('m<=0.8', high), met('m>0.8', high), met('m<0.8', low)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
