import { type LoadOptions, type Plugin } from '@hearken/core';
import { testEmbedder } from '@hearken/core/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pluginOfFile } from '../src/index.js';
import { type MadeUp, madeUpModel, modelFolder } from './made-up-models.js';

const write = modelFolder();

const models: Record<string, { made: MadeUp; options?: LoadOptions }> = {
  'a dynamic length': { made: {} },
  'a fixed length': { made: { input: ['n', 16_000] } },
  'one channel between': { made: { input: ['n', 1, 'samples'] } },
  'one channel between, of fixed length': { made: { input: ['n', 1, 12_000] } },
  'twelve leads': { made: { input: ['n', 12, 'samples'] }, options: { sampleRate: 500 } },
  'one signal at a time': { made: { input: [1, 16_000], output: [1, 3] } },
  'four signals at a time': { made: { input: [4, 16_000], output: [4, 3] } },
  'no batch': { made: { input: ['samples'], output: ['frames', 3] } },
  'a window that an option sets': { made: {}, options: { sampleRate: 22_050, window: 8000, hop: 3000 } },
};

describe.each(Object.entries(models))('%s', (name, { made, options = { sampleRate: 16_000 } }) => {
  let found: Plugin;
  beforeAll(async () => {
    found = await pluginOfFile(await write(`${name}.onnx`, madeUpModel(made)));
  });
  // Tests are told of the plugin before there is a file; whatever it is asked, the one of the file answers.
  const plugin = new Proxy({ name: 'onnx' } as Plugin, {
    get: (_, key) => (found === undefined ? 'onnx' : (Reflect.get(found, key) as unknown)),
  });
  testEmbedder({ describe, it, afterAll }, { plugin, load: () => found.loadModel(undefined, options) });

  it('is called as its file', () => {
    expect(Object.keys(found.models)).toEqual([name.replace(/[^\w.-]+/g, '-')]);
  });
});
