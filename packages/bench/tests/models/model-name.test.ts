import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { definePlugin, type Plugin, type Provenance } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { checkpointRecord } from '../../src/models/checkpoint-record.node.js';
import { checkpointRecordOf, hasCustomWeights, modelPathName, publishedWeights } from '@hearken/results/internal';
import { modelName, type NamedModel } from '@hearken/results';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const sha256 = '1a2b3c4d'.repeat(8);
const base: NamedModel = { plugin: 'hubert-ecg', model: 'base', checkpointSha256: sha256 };
const own = { file: 'my-run.pt', published: false };

describe('modelName', () => {
  it('names weights that are not the published ones by their file and hash, and says what they were loaded as', () => {
    expect(modelName({ ...base, checkpoint: own })).toBe('my-run.pt (sha256 1a2b3c4d, as hubert-ecg:base)');
    expect(modelPathName({ ...base, checkpoint: own })).toBe('hubert-ecg-base-sha256-1a2b3c4d');
  });

  it('is plugin:model for the published weights, for a model without weights, and for weights that a plugin brings', () => {
    for (const named of [
      { ...base, checkpoint: { file: 'model.safetensors', published: true } },
      { plugin: 'baseline', model: 'mel', checkpointSha256: null },
      { plugin: 'strange', model: 'one', checkpointSha256: sha256 },
      { plugin: 'onnx', model: 'my', checkpointSha256: sha256 },
    ]) {
      expect(modelName(named)).toBe(`${named.plugin}:${named.model}`);
      expect(modelPathName(named)).toBe(`${named.plugin}-${named.model}`);
    }
  });

  it('goes by the hash alone where that of the published weights is known, whatever a result says', () => {
    const known = publishedWeights.efficientat.mn04_as[0];
    const mn04 = { plugin: 'efficientat', model: 'mn04_as' };
    expect(modelName({ ...mn04, checkpointSha256: known, checkpoint: own })).toBe('efficientat:mn04_as');
    expect(modelName({ ...mn04, checkpointSha256: known })).toBe('efficientat:mn04_as');
    const forged = { ...mn04, checkpointSha256: sha256, checkpoint: { file: 'mn04_as_mAP_432.pt', published: true } };
    expect(modelName(forged)).toBe('mn04_as_mAP_432.pt (sha256 1a2b3c4d, as efficientat:mn04_as)');
  });

  it('takes the weights of an earlier result, which nobody looked up, for none that are published', () => {
    expect(hasCustomWeights(base)).toBe(true);
    expect(modelName(base)).toBe('a checkpoint (sha256 1a2b3c4d, as hubert-ecg:base)');
  });

  it('is one line of bounded length, whatever a file is called', () => {
    const name = modelName({ ...base, checkpoint: { file: `${'x'.repeat(500)}\n\u202e.pt`, published: false } });
    expect(name.length).toBeLessThan(150);
    expect(name).not.toMatch(/[\n\u202e]/);
    expect(checkpointRecordOf({ file: 1, published: true })).toBeUndefined();
    expect(checkpointRecordOf(null)).toBeUndefined();
  });
});

it("has the hashes that Hearken's plugins know", async () => {
  const registry = createNodeRegistry();
  const known: Record<string, Record<string, string[]>> = {};
  for (const name of registry.names().filter((one) => !['baseline', 'onnx'].includes(one))) {
    const { models } = await registry.resolve(name);
    known[name] = {};
    for (const [model, { checkpointSha256, files = [] }] of Object.entries(models)) {
      const hashes = [checkpointSha256, files.at(-1)?.sha256].filter((hash) => hash !== undefined);
      if (hashes.length > 0) known[name][model] = hashes;
    }
  }
  expect(publishedWeights).toEqual(known);
});

describe('checkpointRecord', () => {
  const url = 'https://hub.example/a/b/resolve/main/model.safetensors';
  const plugin = (checkpointSha256?: string): Plugin =>
    definePlugin({
      name: 'made',
      version: '1.0.0',
      description: 'made up',
      models: {
        one: {
          description: 'made up',
          sampleRate: 8000,
          channels: 1,
          embeddingSize: 4,
          ...(checkpointSha256 === undefined ? {} : { checkpointSha256 }),
          files: [
            { name: 'config.json', url: 'https://hub.example/a/b/resolve/main/config.json' },
            { name: 'model.safetensors', url },
          ],
        },
      },
      load: () => Promise.reject(new Error('not loaded')),
    });
  const provenance: Provenance = {
    plugin: 'made',
    pluginVersion: '1.0.0',
    model: 'one',
    checkpointSha256: sha256,
    options: {},
    backend: 'none',
  };
  const pulled = async (file: Record<string, unknown>, model = 'made:one') => {
    const folder = join(await temporaryFolder(), 'made-one');
    await mkdir(folder);
    const files = [{ name: 'model.safetensors', url, bytes: 3, sha256, verified: null, ...file }];
    await writeFile(join(folder, 'pulled.json'), JSON.stringify({ model, date: '', files }));
    return folder;
  };
  const isPublished = async (folder: string) => (await checkpointRecord(plugin(), provenance, folder))?.published;

  it('knows the published file by its hash, wherever it lies and whatever it is called', async () => {
    const file = join(await temporaryFolder(), 'renamed.bin');
    expect(await checkpointRecord(plugin(sha256), provenance, file)).toEqual({ file: 'renamed.bin', published: true });
    expect(await checkpointRecord(plugin('0'.repeat(64)), provenance, file)).toEqual({
      file: 'renamed.bin',
      published: false,
    });
    expect(await checkpointRecord(plugin(), provenance, file)).toEqual({ file: 'renamed.bin', published: false });
  });

  it('takes what was pulled from its authors for theirs, at any revision', async () => {
    const revision = url.replace('main', 'a'.repeat(40));
    expect(await isPublished(await pulled({ verifiedBy: 'published', verified: 'sha256', url: revision }))).toBe(true);
    expect(await isPublished(await pulled({ url: revision }))).toBe(true);
    const folder = await pulled({});
    expect(await isPublished(join(folder, 'model.safetensors'))).toBe(true);
  });

  it('takes nothing else for theirs', async () => {
    const others = {
      'what a mirror vouches for': await pulled({ verifiedBy: 'mirror', verified: 'sha256' }),
      'what a mirror sent': await pulled({ url: 'https://mirror.example/a/b/resolve/main/model.safetensors' }),
      'what was changed since': await pulled({ sha256: 'f'.repeat(64) }),
      'another file': await pulled({ name: 'other.safetensors' }),
      'another model': await pulled({}, 'made:two'),
    };
    for (const [what, folder] of Object.entries(others)) expect(await isPublished(folder), what).toBe(false);
  });

  it('has nothing to say of a model without weights, or with those of its plugin', async () => {
    expect(await checkpointRecord(plugin(), { ...provenance, checkpointSha256: null }, 'x.pt')).toBeUndefined();
    expect(await checkpointRecord(plugin(), provenance, undefined)).toBeUndefined();
  });
});
