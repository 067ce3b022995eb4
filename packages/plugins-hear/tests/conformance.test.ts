import { testEmbedder } from '@hearken/core/conformance';
import { afterAll, describe, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';

// The fixture's pooler has 32 outputs, the published one 512.
testEmbedder({ describe, it, afterAll }, { plugin, load: () => plugin.loadModel(fixture()), sceneEmbeddingSize: 32 });
