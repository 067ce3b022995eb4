import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileArtifacts } from '@hearken/artifacts/node';
import { trainingRecords } from '../../src/run/training-records.node.js';
import type { RunIdentity } from '@hearken/results/node';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

function identity(seed: number): RunIdentity {
  return {
    model: { plugin: 'p', pluginVersion: '1', model: 'm', checkpointSha256: null, options: {}, backend: 'b' },
    task: { id: 'tâsk v1', contentHash: 'c' },
    evaluation: { probe: 'mlp', grid: 'default', gridPoints: 8, seed },
  };
}

describe('trainingRecords', () => {
  it('keeps records of one run apart from those of another, until removed', async () => {
    const artifacts = new FileArtifacts(await temporaryFolder());
    const folder = artifacts.localPath('trainings');
    const journal = trainingRecords(artifacts, identity(0));
    await journal.write('grid-0', { values: { score: 0.5 }, arrays: { w: Float32Array.of(1) } });
    expect(await trainingRecords(artifacts, identity(0)).read('grid-0')).toEqual({
      values: { score: 0.5 },
      arrays: { w: Float32Array.of(1) },
    });
    expect(await journal.read('grid-1')).toBeUndefined();
    expect(await trainingRecords(artifacts, identity(1)).read('grid-0')).toBeUndefined();
    await journal.remove();
    expect(await journal.read('grid-0')).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
  });

  it('passes over a damaged record', async () => {
    const artifacts = new FileArtifacts(await temporaryFolder());
    const folder = artifacts.localPath('trainings');
    const damaged: string[] = [];
    const journal = trainingRecords(artifacts, identity(0), (path) => damaged.push(path));
    await journal.write('grid-0', { values: {}, arrays: { w: Float32Array.of(1, 2) } });
    const [own] = await readdir(folder);
    const [file] = await readdir(join(folder, own));
    const bytes = await readFile(join(folder, own, file));
    await writeFile(join(folder, own, file), bytes.subarray(0, bytes.length - 3));
    expect(await journal.read('grid-0')).toBeUndefined();
    expect(damaged).toEqual([join(folder, own, file)]);
    expect(await journal.read('grid-1')).toBeUndefined();
    expect(damaged).toHaveLength(1);
  });
});
