import { testEmbedder } from '@hearken/core/conformance';
import { afterAll, describe, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';

testEmbedder({ describe, it, afterAll }, { plugin, load: () => plugin.loadModel(fixture('mn01_as.pt')) });
