import fc from 'fast-check';
import { readPlainPickle } from '@hearken/onnx';
import { describe, expect, it } from 'vitest';
import { PickledRows } from '../../src/heareval/pickle-writer.js';
import { pythonJson } from '../../src/heareval/python-json.js';
import { PythonRandom } from '../../src/heareval/python-random.js';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

function pickled(...parts: string[][][]): Uint8Array {
  const writer = new PickledRows();
  return Buffer.concat([writer.begin(), ...parts.map((rows) => writer.rows(rows)), writer.end()]);
}

describe('PythonRandom', () => {
  it('shuffles as CPython does, one list after the other', () => {
    const random = new PythonRandom(0);
    const ten = upTo(10);
    random.shuffle(ten);
    expect(ten).toEqual([7, 8, 1, 5, 3, 4, 2, 0, 9, 6]);
    const many = upTo(1500);
    random.shuffle(many);
    expect(many.slice(0, 8)).toEqual([864, 665, 230, 472, 310, 190, 1004, 516]);
    expect(many.slice(-3)).toEqual([447, 1194, 733]);
  });

  it('follows its seed', () => {
    const twenty = upTo(20);
    new PythonRandom(123_456).shuffle(twenty);
    expect(twenty).toEqual([17, 6, 19, 8, 10, 11, 13, 12, 15, 7, 3, 1, 14, 4, 16, 2, 18, 5, 0, 9]);
  });
});

describe('PickledRows', () => {
  it('writes opcodes of lists and text, each text once', () => {
    const hex = Buffer.from(pickled([['low'], [], ['low', 'é']])).toString('hex');
    expect(hex).toBe(
      [
        '8004',
        '5d',
        '28',
        '5d28',
        '8c036c6f77',
        '94',
        '65',
        '5d',
        '5d28',
        '6800',
        '8c02c3a9',
        '94',
        '65',
        '65',
        '2e',
      ].join(''),
    );
  });

  it('is read back by the inert interpreter, whatever the text and however many rows', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 250, maxLength: 300 }));
    const rows = fc.array(fc.array(texts, { maxLength: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        // A lone surrogate is no text, and becomes U+FFFD.
        const whole = [...first, ...second].map((row) => row.map((text) => Buffer.from(text).toString()));
        expect(readPlainPickle(pickled(first, second), 'test')).toEqual(whole);
      }),
    );
    const many = upTo(2500).map((index) => [`label ${index % 400}`]);
    expect(readPlainPickle(pickled(many), 'test')).toEqual(many);
  });
});

describe('pythonJson', () => {
  it('writes as json.dumps does', () => {
    expect(pythonJson([0, 25, 12.5, 0.10000000149011612])).toBe('[0.0, 25.0, 12.5, 0.10000000149011612]');
    expect(pythonJson(['é"\u007f', []])).toBe('["\\u00e9\\"\\u007f", []]');
    expect(pythonJson([['low'], []], 4)).toBe('[\n    [\n        "low"\n    ],\n    []\n]');
  });

  it('is JSON of the same value', () => {
    const leaf = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const values = fc.oneof(leaf, fc.array(fc.oneof(leaf, fc.array(fc.array(leaf)))));
    fc.assert(
      fc.property(values, (value) => {
        // JSON has no negative zero that JSON.stringify would write.
        expect(JSON.parse(pythonJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
