import { copyFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointError, getSceneEmbeddings, signalBatch } from '@hearken/core';
import type { Runtime } from '@hearken/onnx';
import { fileSha256 } from '@hearken/core/node';
import { nodeRuntime } from '@hearken/onnx/node';
import { describe, expect, it } from 'vitest';
import { createEfficientatPlugin } from '../src/plugin.js';
import { readStateDict, scaled, torchCheckpoint } from '../../../tests/support/torch-checkpoints.js';
import { fixture } from './fixture.js';
import { withFile } from './random-checkpoint.js';

const second = signalBatch([Float32Array.from({ length: 32_000 }, (_, index) => 0.3 * Math.sin(index / 9))]);

/** The plugin, with something that happens at each step of loading. */
function pluginWith(happen: (step: 'opened' | 'mapped' | 'hashed') => void) {
  const runtime: Runtime = {
    ...nodeRuntime,
    async openModelFiles(source, options) {
      const files = await nodeRuntime.openModelFiles(source, options);
      happen('opened');
      const sha256 = async () => {
        const hash = await files.sha256();
        happen('hashed');
        return hash;
      };
      return { ...files, sha256 };
    },
    async createSession(model, options) {
      const session = await nodeRuntime.createSession(model, options);
      happen('mapped');
      return session;
    },
  };
  return createEfficientatPlugin(runtime);
}

/** Two checkpoints of the same layout, and the embedding by the hash of each. */
async function twoCheckpoints(folder: string) {
  const first = join(folder, 'first.pt');
  const other = join(folder, 'other.pt');
  copyFileSync(fixture('mn01_as.pt'), first);
  writeFileSync(other, torchCheckpoint(scaled(await readStateDict(first), 1.05)));
  const embeddings = new Map<string, Float32Array>();
  for (const path of [first, other]) {
    const embedder = await pluginWith(() => undefined).loadModel(path);
    embeddings.set(await fileSha256(path), (await getSceneEmbeddings(second, embedder)).data);
    await embedder.dispose();
  }
  return { first, other, embeddings };
}

describe('a checkpoint that is replaced or changed', () => {
  it.each(['opened', 'mapped', 'hashed'] as const)('once it was %s never has the hash of another', async (step) => {
    await withFile('model.pt', async (path) => {
      const folder = join(path, '..');
      const { first, other, embeddings } = await twoCheckpoints(folder);
      for (const change of ['rename', 'write'] as const) {
        copyFileSync(first, path);
        let isDone = false;
        const plugin = pluginWith((now) => {
          if (now !== step || isDone) return;
          isDone = true;
          const next = `${path}.next`;
          if (change === 'write') copyFileSync(other, path);
          else {
            copyFileSync(other, next);
            renameSync(next, path);
          }
        });
        // It is read again, or what was read before is kept, or the first embedding is refused: never a mixture.
        const embedder = await plugin.loadModel(path);
        const embedded = await getSceneEmbeddings(second, embedder).catch((error: unknown) => error);
        if (embedded instanceof Error) expect(embedded).toBeInstanceOf(CheckpointError);
        else {
          const { data } = embedded as Awaited<ReturnType<typeof getSceneEmbeddings>>;
          expect(data, change).toEqual(embeddings.get(embedder.provenance.checkpointSha256!));
        }
        await embedder.dispose();
      }
    });
  });

  it('every time that it is read is refused', async () => {
    await withFile('model.pt', async (path) => {
      copyFileSync(fixture('mn01_as.pt'), path);
      let times = 0;
      const plugin = pluginWith((step) => {
        if (step === 'opened') utimesSync(path, 1, 1000 + (times += 1));
      });
      await expect(plugin.loadModel(path)).rejects.toThrow(/replaced or changed while it was in use/);
      expect(times).toBe(3);
    });
  });

  it('while it is in use: in place is refused, a new file of that name is not what is used', async () => {
    await withFile('model.pt', async (path) => {
      copyFileSync(fixture('mn01_as.pt'), path);
      const embedder = await pluginWith(() => undefined).loadModel(path);
      const { data } = await getSceneEmbeddings(second, embedder);
      copyFileSync(path, `${path}.next`);
      renameSync(`${path}.next`, path);
      expect((await getSceneEmbeddings(second, embedder)).data).toEqual(data);
      await embedder.dispose();
      const again = await pluginWith(() => undefined).loadModel(path);
      utimesSync(path, 1, 1);
      await expect(getSceneEmbeddings(second, again)).rejects.toThrow(CheckpointError);
      await again.dispose();
    });
  });
});
