import { CheckpointError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPickle } from '../../src/checkpoint/pickle.js';
import { lookUp, type PickleValue } from '../../src/checkpoint/pickle-values.js';
import { torchVocabulary } from '../../src/checkpoint/torch-vocabulary.js';
import { piece, pickled } from './made-pickles.js';
import { latin1Bytes } from './made-zips.js';

function read(bytes: Uint8Array) {
  return readPickle(bytes, 'made.pkl', torchVocabulary);
}

function valueOf(pickle: string): PickleValue {
  return read(latin1Bytes(pickle)).value;
}

describe('readPickle', () => {
  it.each<[string, string, PickleValue]>([
    ['None', 'N.', null],
    ['booleans', '(\x88\x89I01\nI00\nt.', [true, false, true, false]],
    ['small integers', '(K\xffM\xff\xffJ\xff\xff\xff\xfft.', [255, 65535, -1]],
    ['long integers', '(\x8a\x00\x8a\x01\xff\x8a\x02\x00\x01\x8b\x01\x00\x00\x00\x7fL-12L\nt.', [0, -1, 256, 127, -12]],
    ['integers beyond a double', '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f.', 2n ** 63n - 1n],
    ['negative integers beyond a double', '\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80.', -(2n ** 63n)],
    ['floats', '(G?\xf8\x00\x00\x00\x00\x00\x00F1e-05\nF-inf\nt.', [1.5, 1e-5, -Infinity]],
    [
      'texts',
      "(X\x03\x00\x00\x00\xe2\x82\xac\x8c\x01aVb\\u20ac\nS'c\\n\\x41\"'\nU\x01\xe9t.",
      ['€', 'a', 'b€', 'c\nA"', 'é'],
    ],
    ['bytes', '(C\x02\x00\xffB\x01\x00\x00\x00\x07t.', [Uint8Array.of(0, 255), Uint8Array.of(7)]],
    [
      'bytes of protocol 2',
      pickledText(piece.call('_codecs', 'encode', piece.text('\xff\x00'), piece.text('latin1'))),
      Uint8Array.of(255, 0),
    ],
    ['a bytearray of protocol 5', '\x80\x05\x96\x02\x00\x00\x00\x00\x00\x00\x00hi.', latin1Bytes('hi')],
    ['lists', '(K\x01K\x02l]K\x03a\x86.', [[1, 2], [3]]],
    ['dicts', '(K\x01K\x02d}(X\x01\x00\x00\x00aNu\x86.', [new Map([[1, 2]]), new Map([['a', null]])]],
    ['sets', '(\x8f(K\x01K\x01K\x02\x90(K\x05\x91t.', [new Set([1, 2]), new Set([5])]],
    ['an ordered dict', 'ccollections\nOrderedDict\n)R(K\x01K\x02u.', new Map([[1, 2]])],
    [
      'an ordered dict of pairs',
      `ccollections\nOrderedDict\n](](K\x01K\x02e](K\x03K\x04ee\x85R.`,
      new Map([
        [1, 2],
        [3, 4],
      ]),
    ],
    ['the memo', '(K\x07q\x00h\x00r\x01\x00\x00\x00j\x01\x00\x00\x00p2\ng2\nt.', [7, 7, 7, 7]],
    ['what is popped again', 'K\x01(K\x02K\x031(00K\x042\x86.', [4, 4]],
    ['frames and memoised texts', '\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00\x8c\x01x\x94h\x00\x86.', ['x', 'x']],
  ])('reads %s', (_, pickle, expected) => {
    expect(valueOf(pickle)).toEqual(expected);
  });

  it('reads every way to name a class as a record that nothing is made of', () => {
    const record = { kind: 'record', module: 'm.n', name: 'Config', args: [], state: new Map([['width', 4]]) };
    const state = '}\x8c\x05widthK\x04sb.';
    expect(valueOf(`cm.n\nConfig\n)\x81${state}`)).toEqual(record);
    expect(valueOf(`\x8c\x03m.n\x8c\x06Config\x93)\x81${state}`)).toEqual(record);
    expect(valueOf(`(im.n\nConfig\n${state}`)).toEqual(record);
    expect(valueOf(`(cm.n\nConfig\no${state}`)).toEqual(record);
    expect(valueOf(`cm.n\nConfig\n)}\x92${state}`)).toEqual({ ...record, keywords: new Map() });
    const reconstructed = `ccopy_reg\n_reconstructor\n(cm.n\nConfig\nc__builtin__\nobject\nNtR${state}`;
    expect(valueOf(reconstructed)).toMatchObject({ ...record, args: [{ kind: 'global', name: 'object' }, null] });
  });

  it('keeps the items of classes that are dicts and lists', () => {
    const value = valueOf('cm\nBox\n)\x81K\x01K\x02sK\x03a.');
    expect(value).toMatchObject({ kind: 'record', entries: new Map([[1, 2]]), items: [3] });
  });

  it('follows paths into records, dicts and lists', () => {
    const value = valueOf(
      pickledText(
        piece.dict({
          args: piece.instance('argparse', 'Namespace', piece.dict({ conv: piece.list('K\x01', 'K\x09') })),
        }),
      ),
    );
    expect(lookUp(value, 'args', 'conv', 1)).toBe(9);
    expect(lookUp(value, 'args', 'nothing', 1)).toBeUndefined();
    expect(lookUp(value, 'args', 'conv', 'length')).toBeUndefined();
  });

  it('does not let keys reach a prototype', () => {
    const polluting = valueOf(`}(X\x09\x00\x00\x00__proto__}X\x08\x00\x00\x00pollutedK\x01su.`);
    expect((polluting as Map<string, unknown>).get('__proto__')).toEqual(new Map([['polluted', 1]]));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.hasOwn(polluting as object, 'polluted')).toBe(false);
  });

  it('never runs what it reads, and says that it was named', () => {
    const { value, usedNames } = read(latin1Bytes("cos\nsystem\n(S'echo hi'\ntR."));
    expect(value).toEqual({ kind: 'record', module: 'os', name: 'system', args: ['echo hi'], state: null });
    expect(usedNames).toEqual([
      { module: 'os', name: 'system', use: 'mention', offset: 0 },
      { module: 'os', name: 'system', use: 'call', offset: 24 },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['an empty pickle', '', /byte 0, an opcode: the pickle ends here/],
    ['a cut one', '\x80\x02X\x05\x00\x00\x00ab', /byte 2, opcode BINUNICODE \(0x58\): the pickle ends here/],
    ['a missing STOP', 'N', /byte 1, an opcode: the pickle ends here/],
    ['an unknown opcode', 'N\xfe', /byte 1, opcode unknown \(0xfe\): there is no such opcode/],
    ['an unknown protocol', '\x80\x09N.', /protocol 9/],
    ['a memo that was never written', 'h\x05.', /opcode BINGET \(0x68\): memo 5 was never written/],
    ['an empty stack', '0.', /opcode POP \(0x30\): the stack is empty/],
    ['a pop across a mark', 'N(\x85.', /opcode TUPLE1 .*the stack is empty/],
    ['a missing mark', 'Nt.', /there is no mark/],
    ['a key without a value', '}(Nu.', /a key has no value/],
    ['items set on a number', 'K\x01NNs.', /not a dict/],
    ['a call of a text', 'U\x01a)R.', /not a name/],
    ['a call of what a call returns', 'cbuiltins\ngetattr\n)R)R.', /calls what builtins\.getattr would return/],
    ['a call without a tuple', 'cm\nf\nNR.', /not a tuple/],
    ['a name of numbers', 'K\x01K\x02\x93.', /a name is not text/],
    ['an integer of absurd size', '\x8b\x00\x00\x00\x40', /an integer has 1073741824 bytes/],
    ['a negative length', 'T\xff\xff\xff\xff.', /the pickle ends here/],
    ['a length of 2^63', '\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.', /is too long/],
    ['text that is not UTF-8', 'X\x01\x00\x00\x00\xff.', /not UTF-8/],
    ['an extension code', '\x82\x01.', /extension registry/],
    ['a persistent id of another kind', 'NQ.', /not a PyTorch storage/],
    [
      'a storage of absurd size',
      pickledText(
        piece.tuple(
          piece.text('storage'),
          piece.global('torch', 'FloatStorage'),
          piece.text('0'),
          'N',
          '\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x40',
        ) + 'Q',
      ),
      /impossible number/,
    ],
    ['bytes outside the pickle', '\x80\x05\x97.', /outside the pickle/],
  ])('refuses %s, with the byte and the opcode', (_, pickle, message) => {
    expect(() => valueOf(pickle)).toThrow(CheckpointError);
    expect(() => valueOf(pickle)).toThrow(/^made\.pkl: the pickle cannot be read at byte \d+/);
    expect(() => valueOf(pickle)).toThrow(message);
  });

  it.each<[string, string, RegExp]>([
    ['marks', '('.repeat(20_000), /nested more than/],
    ['values on the stack', 'N'.repeat(1_100_000), /stack has more than/],
    ['containers', ']' + '}a'.repeat(1_100_000), /too many objects/],
    [
      'copies of one list',
      `](${'N'.repeat(100_000)}eq\x000` + 'cbuiltins\nset\nq\x010' + 'h\x01h\x00\x85R0'.repeat(50),
      /too many objects/,
    ],
    [
      'copies of one text',
      `X\x40\x42\x0f\x00${'a'.repeat(1_000_000)}q\x000` + `c_codecs\nencode\nq\x010` + 'h\x01h\x00\x85R0'.repeat(300),
      /too many objects/,
    ],
  ])('bounds the number of %s', (_, pickle, message) => {
    expect(() => valueOf(`${pickle}.`)).toThrow(message);
  });

  it('refuses a pickle over the limit before it looks inside', () => {
    expect(() => read(new Uint8Array(64 * 1024 * 1024 + 1))).toThrow(/more than 67108864/);
  });

  it('reads deep nesting without recursion', () => {
    let value = valueOf(`${']'.repeat(200_000)}${'a'.repeat(199_999)}.`);
    let depth = 0;
    for (; Array.isArray(value) && value.length > 0; depth += 1) value = value[0];
    expect(depth).toBe(199_999);
  });

  it('gives a value or a CheckpointError for any bytes', () => {
    const opcodeBytes = latin1Bytes(
      'NK\x01}]()\x85\x86\x87tlduesaq\x00h\x00r0212R\x81\x92bcio\nQ\x93\x8c\x90\x8f\x91X\x94Ga.',
    );
    const bytes = fc.array(fc.oneof(fc.constantFrom(...opcodeBytes), fc.nat(255)), { maxLength: 60 });
    fc.assert(
      fc.property(bytes, (list) => {
        try {
          read(Uint8Array.from(list));
        } catch (error) {
          if (!(error instanceof CheckpointError)) throw error;
        }
      }),
      { numRuns: 20_000 },
    );
  });
});

function pickledText(value: string): string {
  return String.fromCharCode(...pickled(value));
}
