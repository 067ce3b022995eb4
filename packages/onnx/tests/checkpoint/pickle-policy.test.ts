import { CheckpointError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { readPickle } from '../../src/checkpoint/pickle.js';
import { refuseDangerousNames } from '../../src/checkpoint/pickle-policy.js';
import { torchVocabulary } from '../../src/checkpoint/torch-vocabulary.js';
import { piece, pickled } from './made-pickles.js';
import { latin1Bytes } from './made-zips.js';

function attribute(owner: string, name: string): string {
  return `${piece.global('__builtin__', 'getattr')}${piece.tuple(owner, piece.text(name))}R`;
}

function judge(bytes: Uint8Array): void {
  refuseDangerousNames(readPickle(bytes, 'made.pkl', torchVocabulary).usedNames, 'made.pkl');
}

describe('refuseDangerousNames', () => {
  it.each([
    ['an argparse Namespace', piece.instance('argparse', 'Namespace', piece.dict({ lr: 'N' }))],
    ['a configuration of an unknown class', piece.instance('hubert_ecg', 'HuBERTECGConfig')],
    ['a class of the script that was run', piece.instance('__main__', 'Config')],
    ['a class of an own package named like a module', piece.instance('profile.options', 'Options')],
    [
      'an old object',
      piece.call('copy_reg', '_reconstructor', piece.global('a.b', 'C'), piece.global('__builtin__', 'object'), 'N'),
    ],
    ['an enumeration of transformers', piece.call('transformers.trainer_utils', 'IntervalStrategy', piece.text('no'))],
    ['a path', piece.call('pathlib', 'PosixPath', piece.text('/'), piece.text('data'))],
    ['a device', piece.call('torch', 'device', piece.text('cpu'))],
    ['a type', piece.global('torch', 'float32')],
    [
      'a numpy scalar',
      piece.call(
        'numpy.core.multiarray',
        'scalar',
        piece.call('numpy', 'dtype', piece.text('f8'), '\x89', '\x88'),
        'C\x08abcdefgh',
      ),
    ],
    ['an object of an old class', '(iunknown_package\nThing\n'],
    [
      'a static method, as OneCycleLR keeps it',
      attribute(piece.global('torch.optim.lr_scheduler', 'OneCycleLR'), '_annealing_cos'),
    ],
    ['a member of an enumeration in Python 3.11', attribute(piece.global('__main__', 'Phase'), 'TRAIN')],
    ['a member of an enumeration before', piece.call('__main__', 'Phase', piece.text('train'))],
    ['a class in a class', piece.instance('a.b', 'Outer.Inner')],
    ['a class in a class in protocol 2', attribute(attribute(piece.global('a.b', 'Outer'), 'Inner'), 'VALUE')],
    ['a bound method', attribute(piece.instance('a.b', 'Schedule'), 'step')],
    ['a function in a function', piece.global('train', 'make.<locals>.schedule')],
    ['a lambda', piece.global('train', '<lambda>')],
    ['a builtin function', piece.global('builtins', 'max')],
    ['an error class', piece.global('builtins', 'ValueError')],
    [
      'a partial function',
      `${piece.call('functools', 'partial', piece.global('torch.optim', 'AdamW'))}${piece.tuple(piece.global('torch.optim', 'AdamW'), ')', piece.dict({ lr: 'K\x01' }), 'N')}b`,
    ],
    ['a regular expression', piece.call('re', '_compile', piece.text('a+'), 'K\x20')],
    ['a builtin type', piece.call('__builtin__', 'set', piece.list('K\x01'))],
    ['a sparse tensor', piece.call('torch._utils', '_rebuild_sparse_tensor', 'N')],
  ])('accepts %s', (_, value) => {
    expect(() => judge(pickled(value))).not.toThrow();
  });

  it.each([
    ['os.system', "cos\nsystem\n(S'echo hi'\ntR."],
    ['posix.system', "cposix\nsystem\n(S'echo hi'\ntR."],
    ['nt.system', 'cnt\nsystem\n.'],
    ['os.system', "\x8c\x02os\x8c\x06system\x93S'echo hi'\n\x85R."],
    ['os.system', "(S'echo hi'\nios\nsystem\n."],
    ['os.system', "(cos\nsystem\nS'echo hi'\no."],
    ['os.system', 'cos\nsystem\n)\x81.'],
    ['os.system', 'cos\nsystem\n0N.'],
    ['os.system', 'ccopyreg\n_reconstructor\n(cos\nsystem\nNNtR.'],
    ['subprocess.Popen', "csubprocess\nPopen\n(S'sh'\ntR."],
    ['builtins.eval', "cbuiltins\neval\n(S'1'\ntR."],
    ['__builtin__.exec', "c__builtin__\nexec\n(S'1'\ntR."],
    ['builtins.getattr', 'cbuiltins\ngetattr\n(NNtR.'],
    ['builtins.open', 'cbuiltins\nopen\n.'],
    ['collections._sys.modules', '\x8c\x0bcollections\x8c\x0c_sys.modules\x93.'],
    ['m.C.__init__.__globals__', '\x8c\x01m\x8c\x16C.__init__.__globals__\x93.'],
    ['webbrowser.open', "cwebbrowser\nopen\n(S'x'\ntR."],
    ['importlib.util.find_spec', 'cimportlib.util\nfind_spec\n)R.'],
    ['torch.load', "ctorch\nload\n(S'x'\ntR."],
    ['torch.hub.load', "ctorch.hub\nload\n(S'x'\ntR."],
    ['unknown_package.make', 'cunknown_package\nmake\n)R.'],
    ['transformers.utils.hub.cached_file', 'ctransformers.utils.hub\ncached_file\n)R.'],
    ['types.CodeType', 'ctypes\nCodeType\n)R.'],
    ['unknown_package.Thing.make', "c__builtin__\ngetattr\n(cunknown_package\nThing\nS'make'\ntR)R."],
  ])('refuses %s', (name, pickle) => {
    expect(() => judge(latin1Bytes(pickle))).toThrow(CheckpointError);
    expect(() => judge(latin1Bytes(pickle))).toThrow(`'${name}'`);
  });

  it.each([
    ['of a module', attribute(piece.global('os', 'path'), 'join')],
    ['through a module', attribute(attribute(piece.global('torch', 'serialization'), 'os'), 'system')],
    ['to a module', attribute(piece.global('torch', 'serialization'), 'os')],
    ['to a function of the system', attribute(piece.global('torch', 'utils'), 'system')],
    ['to the globals', attribute(attribute(piece.global('a', 'C'), '__init__'), '__globals__')],
    ['to all subclasses', attribute(piece.global('builtins', 'object'), '__subclasses__')],
    ['of itself', attribute(piece.global('builtins', 'getattr'), 'x')],
    ['of text', attribute(piece.text('x'), 'format')],
    ['along a path', attribute(piece.global('a', 'C'), 'x.y')],
    [
      'with a default',
      `${piece.global('builtins', 'getattr')}${piece.tuple(piece.global('a', 'C'), piece.text('x'), 'N')}R`,
    ],
    ['by way of a partial function', piece.call('functools', 'partial', piece.global('builtins', 'getattr'))],
    ['by way of a map', piece.call('builtins', 'map', piece.global('builtins', 'getattr'), piece.list())],
    ['of an instance of a system class', attribute(piece.instance('subprocess', 'Popen'), 'wait')],
  ])('accuses getattr %s', (_, value) => {
    expect(() => judge(pickled(value))).toThrow('do not load this file with Python either');
  });

  it('does not accuse a function that it only does not know', () => {
    expect(() => judge(latin1Bytes('cunknown_package\nmake\n)R.'))).toThrow(/not known to be harmless.*torch\.save/s);
    expect(() => judge(pickled(attribute(piece.global('a', 'C'), 'x')))).not.toThrow();
  });
});
