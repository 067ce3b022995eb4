import { testEmbedder } from '@hearken/core/conformance';
import { afterAll, describe, it } from 'vitest';
import plugin from '../src/index.js';
import { fixture } from './fixture.js';

const functions = { describe, it, afterAll };
// The fixtures are 64 wide, the published models 768.
const sceneEmbeddingSize = 64;

describe('Patch-Mix', () => {
  testEmbedder(functions, { plugin, load: () => plugin.loadModel(fixture('best.pth')), sceneEmbeddingSize });
});
describe('AST', () => {
  testEmbedder(functions, { plugin, load: () => plugin.loadModel(fixture('hf-ast')), sceneEmbeddingSize });
});
