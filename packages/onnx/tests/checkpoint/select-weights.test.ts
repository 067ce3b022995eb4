import { CheckpointError, OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/checkpoint/byte-source.js';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint.js';
import { readFloat32 } from '../../src/checkpoint/read-tensor.js';
import { selectBeside, type SelectedWeights, selectWeights } from '../../src/checkpoint/select-weights.js';
import {
  type CheckpointValue,
  scaled,
  severalSets,
  torchCheckpoint,
  wrappedCheckpoints,
} from '../../../../tests/support/torch-checkpoints.js';
import { piece } from './made-pickles.js';

const weights = new Map([
  ['a.0.weight', { shape: [2, 1], values: Float32Array.of(1, 2) }],
  ['a.1.weight', { shape: [2], values: Float32Array.of(3, 4) }],
  ['b.bias', { shape: [1], values: Float32Array.of(5) }],
]);
const names = [...weights.keys()];
const landmarks = ['a.0.weight', 'b.bias'];

async function opened(value: CheckpointValue): Promise<{ checkpoint: Checkpoint; bytes: Uint8Array }> {
  const bytes = torchCheckpoint(value);
  return { bytes, checkpoint: await openCheckpoint(bufferSource(bytes, 'made.pt')) };
}

/** The first value of each tensor. */
async function valuesOf(found: SelectedWeights | undefined, bytes: Uint8Array): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [name, entry] of found?.tensors ?? []) {
    values[name] = (await readFloat32(bufferSource(bytes, 'made.pt'), entry))[0];
  }
  return values;
}

const plain = { 'a.0.weight': 1, 'a.1.weight': 3, 'b.bias': 5 };

function made(tensors: string[], unusable: string[] = []): Checkpoint {
  return {
    format: 'torch',
    name: 'made.pt',
    tensors: new Map(
      tensors.map((name, index) => [name, { name, dataType: 'float32', shape: [1], offset: index, byteLength: 4 }]),
    ),
    unusable: new Map(unusable.map((name) => [name, 'is odd'])),
    metadata: null,
  };
}

describe('selectWeights', () => {
  it.each(wrappedCheckpoints(weights))('finds the model: %s', async (_what, value) => {
    const { checkpoint, bytes } = await opened(value);
    const found = selectWeights(checkpoint, { landmarks });
    expect(found?.chosen).toBeUndefined();
    expect(await valuesOf(found, bytes)).toEqual(plain);
  });

  it.each(severalSets(weights, scaled(weights, 10)))('takes no set by itself: %s', async (_what, value, choice) => {
    const { checkpoint, bytes } = await opened(value);
    expect(() => selectWeights(checkpoint, { landmarks })).toThrow(OptionError);
    expect(() => selectWeights(checkpoint, { landmarks })).toThrow(
      new RegExp(`2 sets of weights: .*--weights ${choice}`),
    );
    const found = selectWeights(checkpoint, { landmarks, weights: choice });
    expect(await valuesOf(found, bytes)).toEqual(plain);
    // However it was asked for, a result names it alike.
    expect(selectWeights(checkpoint, { landmarks, weights: found!.chosen })?.chosen).toBe(found!.chosen);
  });

  it('leaves out what lies beside the model', () => {
    const found = selectWeights(
      made(['module.vit.a.0.weight', 'module.vit.b.bias', 'module.head.a.d', 'step'], ['module.vit.e']),
      { landmarks },
    );
    expect([...found!.tensors.keys()]).toEqual(['a.0.weight', 'b.bias']);
    expect([...found!.unusable.keys()]).toEqual(['e']);
    expect(found!.prefix).toBe('module.vit.');
  });

  it('removes the wrappers of parts of a model', () => {
    const found = selectWeights(made(['net.a._orig_mod.0.weight', 'net.b.module.bias', 'net._fsdp_wrapped_module.c']), {
      landmarks,
    });
    expect([...found!.tensors.keys()]).toEqual(['a.0.weight', 'b.bias', 'c']);
    expect(() => selectWeights(made(['a.0.weight', 'b.bias', 'b.module.bias']), { landmarks })).toThrow(
      CheckpointError,
    );
  });

  it('does not take part of a name, nor a part that lacks a landmark', () => {
    expect(selectWeights(made(['xa.0.weight', 'xb.bias']), { landmarks })).toBeUndefined();
    expect(selectWeights(made(['x.a.0.weight', 'y.b.bias']), { landmarks })).toBeUndefined();
    const one = selectWeights(made(['x.a.0.weight', 'y.a.0.weight', 'y.b.bias']), { landmarks });
    expect(one?.prefix).toBe('y.');
  });

  it('takes an encoder that is saved by itself, too, for the same weights', async () => {
    const encoder = new Map([...weights].slice(0, 1).concat([...weights].slice(2)));
    const { checkpoint } = await opened({ members: { encoder, model: weights } });
    expect(selectWeights(checkpoint, { landmarks })?.prefix).toBe('model.');
  });

  it('names averages that are kept without names', async () => {
    const { checkpoint, bytes } = await opened({
      members: {
        model: weights,
        ema: { members: { decay: 1, shadow_params: { pickle: piece.list() } } },
      },
    });
    expect(await valuesOf(selectWeights(checkpoint, { landmarks }), bytes)).toEqual(plain);
    const listed = made([...names.map((name) => `model.${name}`), 'ema.shadow_params.0', 'ema.shadow_params.1']);
    expect(() => selectWeights(listed, { landmarks })).toThrow(/2 sets of weights: 'model', and 'ema\.shadow_params'/);
    expect(selectWeights(listed, { landmarks, weights: 'raw' })?.prefix).toBe('model.');
    expect(() => selectWeights(listed, { landmarks, weights: 'ema' })).toThrow(OptionError);
  });

  it('refuses a choice that there is not, or that fits several', () => {
    const two = made(['ema.ema_model.a.0.weight', 'ema.online_model.a.0.weight']);
    const need = { landmarks: ['a.0.weight'] };
    expect(() => selectWeights(two, { ...need, weights: 'ema' })).toThrow(/'ema\.ema_model' or 'ema\.online_model'/);
    expect(selectWeights(two, { ...need, weights: 'online_model' })?.prefix).toBe('ema.online_model.');
    expect(() => selectWeights(made(['a.0.weight']), { ...need, weights: 'ema' })).toThrow(/omit the option/);
    expect(() => selectWeights(two, { ...need, weights: 3 })).toThrow(OptionError);
    expect(selectWeights(made(['a.0.weight']), { ...need, weights: 'raw' })?.chosen).toBeUndefined();
  });

  it('bounds what it looks through', () => {
    const many = made(Array.from({ length: 100_000 }, (_, index) => `m${index}.a.0.weight`));
    expect(() => selectWeights(many, { landmarks: ['a.0.weight'] })).toThrow(/100000 sets of weights/);
  });
});

describe('selectBeside', () => {
  it('takes the part of the same set', () => {
    const file = made([...['model.', 'ema.'].flatMap((one) => [`${one}net.a.0.weight`, `${one}head.1.weight`])]);
    const model = selectWeights(file, { landmarks: ['a.0.weight'], weights: 'ema' })!;
    expect(selectBeside(file, model, ['head.1.weight'])?.tensors.get('head.1.weight')?.offset).toBe(3);
    expect(selectBeside(file, model, ['tail.weight'])).toBeUndefined();
  });
});
