import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openModelFiles } from '@hearken/onnx/node';
import { expect, it } from 'vitest';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const fixturesOf = (plugin: string) =>
  fileURLToPath(new URL(`../../../plugins-${plugin}/tests/fixtures/`, import.meta.url));

async function parametersOf(plugin: string, path: string | undefined, options = {}): Promise<number | undefined> {
  const embedder = await (await createNodeRegistry().resolve(plugin)).loadModel(path, options);
  await embedder.dispose();
  return embedder.provenance.parameters;
}

/** Elements of all tensors of a checkpoint whose names `counts` takes. */
async function elementsOf(path: string, counts: (name: string) => boolean): Promise<number> {
  const { checkpoint } = await openModelFiles(path);
  return [...checkpoint.tensors]
    .filter(([name]) => counts(name))
    .reduce((sum, [, { shape }]) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

it.each([
  // The weight-normalised kernel is one tensor in the graph, its norms are divided out.
  ['hubert-ecg', 'hf', (name: string) => !/original0$|^(?:final_proj|label_embedding|masked_spec_embed)/.test(name)],
  ['hear', '.', () => true],
  ['patchmix', 'hf-ast', (name: string) => !name.startsWith('classifier')],
])('%s counts the weights that it loads, in 8 bits as in 32', async (plugin, checkpoint, counts) => {
  const folder = join(await temporaryFolder(), 'model');
  await cp(join(fixturesOf(plugin), checkpoint), folder, { recursive: true });
  const expected = await elementsOf(folder, counts);
  expect(await parametersOf(plugin, folder)).toBe(expected);
  expect(await parametersOf(plugin, folder, { precision: 'int8' })).toBe(expected);
});

it('counts those of the layers that EfficientAT uses, and none of a model without weights', async () => {
  const path = join(fixturesOf('efficientat'), 'mn01_as.pt');
  const counts = (name: string) => !name.endsWith('num_batches_tracked');
  expect(await parametersOf('efficientat', path, { features: ['logits'] })).toBe(await elementsOf(path, counts));
  const embedding = await parametersOf('efficientat', path);
  expect(embedding).toBeLessThan(await elementsOf(path, counts));
  expect(await parametersOf('baseline', undefined)).toBe(0);
});
