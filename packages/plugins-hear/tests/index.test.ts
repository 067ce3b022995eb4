import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as module from '../src/index.js';

it("exports HEAR's three functions, the plugin, its training graph and how it is saved, and nothing else", () => {
  expect(Object.keys(module).sort()).toEqual([
    'default',
    'getSceneEmbeddings',
    'getTimestampEmbeddings',
    'hearFinetuned',
    'hearTrainingGraph',
    'loadModel',
  ]);
});

it('has the version of its package', async () => {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  expect(module.default.version).toBe((JSON.parse(text) as { version: string }).version);
});
