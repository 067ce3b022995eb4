import { CheckpointError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { selectStateDict, type Checkpoint } from '../../src/checkpoint/checkpoint.js';

function made(names: string[], unusable: string[] = []): Checkpoint {
  return {
    format: 'torch',
    name: 'made.pt',
    tensors: new Map(
      names.map((name, index) => [name, { name, dataType: 'float32', shape: [], offset: index, byteLength: 4 }]),
    ),
    unusable: new Map(unusable.map((name) => [name, 'is odd'])),
    metadata: null,
  };
}

function names(checkpoint: Checkpoint): string[] {
  return [...checkpoint.tensors.values()].map(({ name }) => name);
}

describe('selectStateDict', () => {
  const training = made(['optimizer.state.0.step', 'model.module.a.weight', 'model.module.b'], ['model.module.c']);

  it('takes the first candidate that the file has, with the names of the model', () => {
    const selected = selectStateDict(training, ['state_dict', 'model', ''], ['module.']);
    expect(names(selected)).toEqual(['a.weight', 'b']);
    expect([...selected.tensors.keys()]).toEqual(['a.weight', 'b']);
    expect([...selected.unusable.keys()]).toEqual(['c']);
    expect(selected.tensors.get('b')?.offset).toBe(2);
  });

  it("takes the whole file for ''", () => {
    expect(names(selectStateDict(made(['a', 'b.c']), ['model', '']))).toEqual(['a', 'b.c']);
  });

  it('removes a wrapper only where every name has it', () => {
    expect(names(selectStateDict(made(['module.a', 'module.b']), [''], ['model.', 'module.']))).toEqual(['a', 'b']);
    expect(names(selectStateDict(made(['module.a', 'b']), [''], ['module.']))).toEqual(['module.a', 'b']);
  });

  it('does not take a candidate for another key that begins alike', () => {
    expect(() => selectStateDict(made(['model_ema.a']), ['model'])).toThrow(CheckpointError);
    expect(() => selectStateDict(made(['model_ema.a']), ['model'])).toThrow(
      "no state dict under 'model'; its tensors are under 'model_ema'",
    );
  });
});
