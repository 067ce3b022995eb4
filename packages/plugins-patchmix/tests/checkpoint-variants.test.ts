import { signalBatch } from '@hearken/core';
import plugin from '../src/index.js';
import { testCheckpointVariants } from '../../../tests/support/checkpoint-variants.js';
import { readNpy } from '../../../tests/support/npy.js';
import { fixture } from './fixture.js';

testCheckpointVariants({
  plugin,
  checkpoint: fixture('best.pth'),
  prefix: 'model.module.',
  signals: signalBatch([readNpy(fixture('cycle-2.4s.input.npy')).data]),
});
