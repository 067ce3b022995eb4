import { readdirSync } from 'node:fs';
import { OptionError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { createProbe, probeDefinition, probeNames } from '../../src/probes/registry.js';
import { createSession } from './sessions.js';

function stems(folder: string, ending: string): string[] {
  return readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

describe('one name for the registry, the file and the test', () => {
  it('has a file for every probe and a probe for every file', () => {
    expect(probeNames().sort()).toEqual(stems('../../src/probes/kinds/', '.ts'));
  });

  it('has a test for every probe', () => {
    expect(stems('./kinds/', '.test.ts')).toEqual(probeNames().sort());
  });

  it('knows every probe by its own name', async () => {
    for (const name of probeNames()) {
      const definition = await probeDefinition(name);
      expect(definition.name).toBe(name);
      expect(definition.summary).not.toBe('');
    }
  });

  it('names the nearest probe for a mistyped one', async () => {
    await expect(probeDefinition('linaer')).rejects.toThrow("did you mean 'linear'?");
    await expect(probeDefinition('constructor')).rejects.toThrow(OptionError);
  });
});

describe('createProbe', () => {
  it.each([0, -3, 1.5, Number.NaN, Infinity])('refuses %d principal components', async (pca) => {
    const made = createProbe('linear', { createSession, predictionType: 'multiclass' }, { pca });
    await expect(made).rejects.toThrow('neither a number of components nor a share');
  });
});
