import { testEmbedder } from '@hearken/core/conformance';
import { afterAll, describe, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';

// The fixture is 64 wide, a published model 512 or more.
testEmbedder(
  { describe, it, afterAll },
  { plugin, load: () => plugin.loadModel(fixture('hf')), sceneEmbeddingSize: 64 },
);
