import type { ModelMetadata } from '@hearken/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { modelFolder, modelsFolder } from '../../src/models/pulled-record.node.js';
import { mirrorUrl, publishedFiles } from '../../src/models/published-files.js';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';

const metadata: ModelMetadata = { description: 'made up', sampleRate: 8000, channels: 1, embeddingSize: 4 };
const file = { name: 'model.pt', url: 'https://example.org/a/b/model.pt?x=1' };

describe('publishedFiles', () => {
  it("takes the plugin's list, or an address that is a file's", () => {
    expect(publishedFiles('a:b', { ...metadata, files: [file] })).toEqual([file]);
    const one = { ...metadata, checkpointUrl: 'https://example.org/x/y.pt', checkpointSha256: 'f'.repeat(64) };
    expect(publishedFiles('a:b', one)).toEqual([
      { name: 'y.pt', url: 'https://example.org/x/y.pt', sha256: 'f'.repeat(64) },
    ]);
    expect(publishedFiles('a:b', { ...metadata, checkpointUrl: 'https://example.org/x' })).toEqual([]);
    expect(publishedFiles('a:b', metadata)).toEqual([]);
  });

  it('refuses names that lead elsewhere, and addresses of other protocols', () => {
    for (const name of [
      '../x.pt',
      'a/b.pt',
      'a\\b.pt',
      '',
      '.x',
      'pulled.json',
      'C:x',
      'a\0b',
      `${'x'.repeat(200)}.pt`,
    ]) {
      expect(() => publishedFiles('a:b', { ...metadata, files: [{ ...file, name }] })).toThrow(/the files of a:b/);
    }
    for (const url of ['file:///etc/passwd', 'x.pt', 'ftp://example.org/x.pt']) {
      expect(() => publishedFiles('a:b', { ...metadata, files: [{ ...file, url }] })).toThrow(/not an http\(s\) URL/);
    }
  });

  it('knows a place for what the plugins of this repository say is published', async () => {
    const registry = createNodeRegistry();
    const places: Record<string, string[]> = {};
    for (const name of registry.names()) {
      const plugin = await registry.resolve(name);
      for (const [model, one] of Object.entries(plugin.models)) {
        const files = publishedFiles(`${name}:${model}`, one);
        places[`${name}:${model}`] = files.map(({ url }) => url);
        expect(files.length > 0, `${name}:${model}`).toBe(one.checkpointUrl !== undefined);
        for (const { url, sha256 } of files) {
          expect(new URL(url).protocol).toBe('https:');
          if (sha256 !== undefined) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        }
        if (files.length > 0) expect(one.license, `${name}:${model}`).toBeTruthy();
      }
    }
    expect(places['hear:hear']).toEqual([
      'https://huggingface.co/google/hear-pytorch/resolve/main/config.json',
      'https://huggingface.co/google/hear-pytorch/resolve/main/model.safetensors',
    ]);
    expect(places['efficientat:mn04_as']).toEqual([
      'https://github.com/fschmid56/EfficientAT/releases/download/v0.0.1/mn04_as_mAP_432.pt',
    ]);
    expect(places['patchmix:ast']).toHaveLength(3);
    expect(places['patchmix:patchmix']).toEqual([]);
  });
});

describe('mirrorUrl', () => {
  const place = { plugin: 'p', model: 'm/1' };

  it('takes the place of the host, or fills in names', () => {
    expect(mirrorUrl('http://mirror:8080/hf/', file, place)).toBe('http://mirror:8080/hf/a/b/model.pt');
    expect(mirrorUrl('http://mirror/{plugin}-{model}/{file}', file, place)).toBe('http://mirror/p-m%2F1/model.pt');
  });

  it.each(['mirror', 'file:///mirror', 'https://me:secret@mirror/'])('refuses %s', (mirror) => {
    expect(() => mirrorUrl(mirror, file, place)).toThrow(/mirror/);
    expect(() => mirrorUrl(mirror, file, place)).not.toThrow(/secret/);
  });
});

describe('the models folder', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('is the one passed, else that of the environment, else in the cache', () => {
    vi.stubEnv('HEARKEN_CACHE', '/cache');
    vi.stubEnv('HEARKEN_MODELS', '');
    expect(modelsFolder()).toMatch(/^[\\/]cache[\\/]models$/);
    vi.stubEnv('HEARKEN_MODELS', '/weights');
    expect(modelsFolder()).toBe('/weights');
    expect(modelsFolder('here')).toBe('here');
  });

  it('keeps every model in a folder right below it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (plugin, model) => {
        expect(modelFolder('models', plugin, model)).toMatch(/^models[\\/](?!\.{1,2}$)[^\\/]+$/);
      }),
    );
  });
});
