import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReadElement, readXml } from '../../../../tests/support/read-xml.js';
import { checkThresholds } from '../../src/ci/check-thresholds.js';
import { junitText } from '../../src/ci/junit.js';
import { parseThreshold } from '../../src/ci/threshold.js';
import { escapeXml, xmlText } from '../../src/ci/xml.js';
import { failed, scored } from './outcomes.js';

const now = new Date('2026-01-02T03:04:05.678Z');

/** What the schemas in use agree on (Jenkins's and Ant's): elements with their attributes, and what may be in them. */
const shapes: Readonly<
  Record<string, { required: string[]; allowed: string[]; inside: string[]; once?: string[]; hasText?: true }>
> = {
  testsuites: { required: [], allowed: ['name', 'tests', 'failures', 'errors', 'time'], inside: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    allowed: ['time', 'timestamp', 'skipped', 'hostname', 'id', 'package'],
    inside: ['properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    required: ['name', 'classname'],
    allowed: ['time'],
    inside: ['properties', 'skipped', 'error', 'failure', 'system-out', 'system-err'],
    once: ['properties', 'failure', 'error'],
  },
  properties: { required: [], allowed: [], inside: ['property'] },
  property: { required: ['name', 'value'], allowed: [], inside: [] },
  failure: { required: ['type'], allowed: ['message'], inside: [], hasText: true },
  error: { required: ['type'], allowed: ['message'], inside: [], hasText: true },
};

function checkShape({ name, attributes, children, text }: ReadElement): void {
  expect(Object.keys(shapes)).toContain(name);
  const { required, allowed, inside, once = [], hasText = false } = shapes[name];
  expect(Object.keys(attributes)).toEqual(expect.arrayContaining(required));
  expect([...required, ...allowed]).toEqual(expect.arrayContaining(Object.keys(attributes)));
  if (attributes.time !== undefined) expect(attributes.time).toMatch(/^\d+(\.\d{1,3})?$/);
  if (attributes.timestamp !== undefined) expect(attributes.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  if (!hasText) expect(text.trim()).toBe('');
  const names = children.map((child) => child.name);
  expect(inside).toEqual(expect.arrayContaining(names));
  for (const one of once) expect(names.filter((other) => other === one).length).toBeLessThanOrEqual(1);
  if (name.startsWith('testsuite')) checkCounts(attributes, children);
  children.forEach(checkShape);
}

function checkCounts(attributes: ReadElement['attributes'], children: readonly ReadElement[]): void {
  const cases = children.flatMap((child) => (child.name === 'testsuite' ? child.children : [child]));
  const having = (kind: string) => cases.filter((one) => one.children.some(({ name }) => name === kind)).length;
  expect(attributes).toMatchObject({
    tests: String(cases.length),
    failures: String(having('failure')),
    errors: String(having('error')),
  });
}

function report(outcomes: Parameters<typeof junitText>[0], ...thresholds: string[]) {
  const root = readXml(junitText(outcomes, checkThresholds(thresholds.map(parseThreshold), outcomes).missed, now));
  checkShape(root);
  return root;
}

describe('junitText', () => {
  it('has a suite for each model, and in it a case for each task and evaluation', () => {
    const root = report([scored(), scored({ probe: 'linear' }), scored({ model: 'large' })]);
    const cases = root.children.map(({ attributes, children }) => [
      attributes.name,
      children.map((one) => one.attributes.name),
    ]);
    expect(cases).toEqual([
      [
        'made:small',
        ['tones-v1-full (mlp, 8 points of grid fast, seed 0)', 'tones-v1-full (linear, 8 points of grid fast, seed 0)'],
      ],
      ['made:large', ['tones-v1-full (mlp, 8 points of grid fast, seed 0)']],
    ]);
    expect(root.children[0].attributes).toMatchObject({ timestamp: '2026-01-02T03:04:05', time: '120.000' });
  });

  it('has the scores as properties', () => {
    const [properties] = report([scored({ score: 0.75 })]).children[0].children[0].children;
    const values = Object.fromEntries(properties.children.map(({ attributes: { name, value } }) => [name, value]));
    expect(values).toMatchObject({
      metric: 'top1_acc',
      top1_acc: '0.75',
      'top1_acc interval': '0.7 to 0.8',
      clips: '40',
      checkpoint: 'none',
      result: 'results/a.json',
    });
  });

  it('takes no time for a result that was there before', () => {
    expect(report([scored({}, { reused: true })]).children[0].children[0].attributes.time).toBe('0.000');
  });

  it('fails cases by missed thresholds, and by errors', () => {
    const root = report([scored(), failed('no such <file> & "more"')], 'top1_acc>=0.8', 'top1_acc>=0.9', 'mAP>=0');
    const [[scoredCase, failedCase], [alone]] = root.children.map(({ children }) => children);
    expect(scoredCase.children[1]).toEqual({
      name: 'failure',
      attributes: {
        message: 'top1_acc is 0.75, wanted >= 0.8; top1_acc is 0.75, wanted >= 0.9',
        type: 'threshold',
      },
      children: [],
      text: 'top1_acc is 0.75, wanted >= 0.8; top1_acc is 0.75, wanted >= 0.9',
    });
    expect(failedCase.children).toMatchObject([
      {
        name: 'error',
        attributes: { type: 'Error', message: 'no such <file> & "more"' },
        text: 'no such <file> & "more"',
      },
    ]);
    expect(alone.attributes).toMatchObject({ classname: 'thresholds', name: 'mAP>=0' });
    expect(alone.children[0].attributes.message).toContain('no result with a score of mAP');
  });

  it('is a valid document whatever names and messages are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, message) => {
        report([scored({}, { model: name, task: message, path: name }), failed(message, { model: name, task: name })]);
      }),
      // Each is a whole report.
      { numRuns: 25 },
    );
  });

  it('is a valid document without outcomes', () => {
    expect(report([]).children).toEqual([]);
  });
});

describe('escapeXml', () => {
  it('keeps every text but control characters, in attributes and elements', () => {
    const any = fc.string({
      unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...'<>&"\'\t\n\r]\0\u001b\u009b\ud800\ufffe')),
    });
    fc.assert(
      fc.property(any, (text) => {
        const { attributes, text: inside } = readXml(xmlText({ name: 'one', attributes: { value: text }, text }));
        const plain = text.replace(/[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu, '');
        expect([attributes.value, inside]).toEqual([plain, plain]);
      }),
    );
  });

  it('removes what acts on a terminal, and half of a surrogate pair', () => {
    expect(escapeXml('a\u001b[31mb\u009b1mc\ud83dd\u0000')).toBe('a[31mb1mcd');
    expect(escapeXml('😀 ]]>')).toBe('😀 ]]&gt;');
  });
});
