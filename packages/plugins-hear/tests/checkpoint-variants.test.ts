import { readFileSync } from 'node:fs';
import { signalBatch } from '@hearken/core';
import plugin from '../src/index.js';
import { testCheckpointVariants } from '../../../tests/support/checkpoint-variants.js';
import { readNpy } from '../../../tests/support/npy.js';
import { fixture } from './fixture.js';

testCheckpointVariants({
  plugin,
  checkpoint: fixture('model.safetensors'),
  options: { config: JSON.parse(readFileSync(fixture('config.json'), 'utf8')) as unknown },
  signals: signalBatch([readNpy(fixture('short.input.npy')).data]),
});
