import { signalBatch } from '@hearken/core';
import plugin from '../src/index.js';
import { testCheckpointVariants } from '../../../tests/support/checkpoint-variants.js';
import { readNpy } from '../../../tests/support/npy.js';
import { fixture } from './fixture.js';
import { fixtureConfig } from './made-up-checkpoint.js';

testCheckpointVariants({
  plugin,
  checkpoint: fixture('hf/model.safetensors'),
  options: { windows: 'first', config: fixtureConfig() },
  signals: signalBatch([readNpy(fixture('synthetic.input.npy')).data], 12),
});
