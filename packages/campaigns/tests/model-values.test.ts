import { OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { modelValues } from '../src/index.js';

const assigned = (values: readonly string[], names: readonly string[]) =>
  Object.fromEntries(modelValues('--checkpoint', values, names));

describe('the values of an option for models', () => {
  it('belong to the only model, with or without its name', () => {
    expect(assigned(['a.pt'], ['m'])).toEqual({ m: 'a.pt' });
    expect(assigned(['m=a.pt'], ['m'])).toEqual({ m: 'a.pt' });
    expect(assigned(['x=a.pt'], ['m'])).toEqual({ m: 'x=a.pt' });
    expect(assigned([], ['m'])).toEqual({});
  });

  it('belong to the model that they name', () => {
    expect(assigned(['p:b=b=.pt', 'p=a'], ['p', 'p:b', 'p:c'])).toEqual({ 'p:b': 'b=.pt', p: 'a' });
    expect(assigned(['./a=b/x.onnx=y'], ['./a', './a=b/x.onnx'])).toEqual({ './a=b/x.onnx': 'y' });
  });

  it('are refused without a model, and twice for one', () => {
    const names = ['baseline', 'efficientat:mn01_as'];
    expect(() => assigned(['a.pt'], names)).toThrow(
      new OptionError({
        asked: "--checkpoint 'a.pt' with 2 models",
        found: 'no model that it belongs to',
        fix: 'write --checkpoint MODEL=VALUE, with MODEL one of baseline, efficientat:mn01_as',
      }),
    );
    expect(() => assigned(['efficientat:mn1_as=a.pt'], names)).toThrow(
      "no model 'efficientat:mn1_as'; did you mean 'efficientat:mn01_as'? write",
    );
    expect(() => assigned(['baseline=a', 'baseline=b'], names)).toThrow("for baseline: two: 'a' and 'b'");
    expect(() => assigned(['a', 'b'], ['m'])).toThrow("--checkpoint with one value: two: 'a' and 'b'");
  });
});
