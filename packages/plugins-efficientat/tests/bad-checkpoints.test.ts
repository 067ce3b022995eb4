import { writeFileSync } from 'node:fs';
import { CheckpointError, OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';
import { type TensorChange, withFile, writeRandomCheckpoint } from './random-checkpoint.js';

const changes: [string, Record<string, TensorChange | null>, RegExp][] = [
  ['a missing tensor', { 'features.7.block.1.0.weight': null }, /'features\.7\.block\.1\.0\.weight'/],
  [
    'a wrong shape',
    { 'features.3.block.0.1.bias': { shape: [9] } },
    /'features\.3\.block\.0\.1\.bias'.*\[9\].*width 0\.1.*\[8\]/,
  ],
  ['another element type', { 'classifier.2.weight': { dataType: 'I64' } }, /'classifier\.2\.weight'.*int64.*float32/],
];

describe('a checkpoint that does not fit', () => {
  it.each(changes)('%s is named', async (_what, change, message) => {
    await withFile('odd.safetensors', async (path) => {
      writeRandomCheckpoint(path, 'mn01_as', change);
      const loading = plugin.loadModel(path, { features: ['clf2'] });
      await expect(loading).rejects.toThrow(CheckpointError);
      await expect(loading).rejects.toThrow(message);
    });
  });

  it('of another width than the named model is refused with the models that fit', async () => {
    const loading = plugin.loadModel(fixture('mn01_as.pt'), { model: 'mn10_as' });
    await expect(loading).rejects.toThrow(/width 0\.1.*mn01_as/);
  });

  it('of something else altogether is refused', async () => {
    await withFile('text.pt', async (path) => {
      writeFileSync(path, 'these are not weights');
      await expect(plugin.loadModel(path)).rejects.toThrow(CheckpointError);
    });
  });

  it('that is not there is refused, and so is none at all', async () => {
    await expect(plugin.loadModel('/no/such/weights.pt')).rejects.toThrow(/no\/such\/weights\.pt/);
    await expect(plugin.loadModel()).rejects.toThrow(OptionError);
  });
});
