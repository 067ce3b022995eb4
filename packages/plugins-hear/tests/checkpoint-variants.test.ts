import { signalBatch } from '@hearken/core';
import plugin from '../src/index.js';
import { testCheckpointVariants } from '../../../tests/support/checkpoint-variants.js';
import { readNpy } from '../../../tests/support/npy.js';
import { fixture } from './fixture.js';

testCheckpointVariants({
  plugin,
  checkpoint: fixture('model.safetensors'),
  signals: signalBatch([readNpy(fixture('short.input.npy')).data]),
});
