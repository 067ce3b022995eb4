import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSceneEmbeddings, type LoadOptions, OptionError, type Plugin, type SignalBatch } from '@hearken/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from './expect-close.js';
import {
  floatTypes,
  readStateDict,
  roundedTo,
  scaled,
  severalSets,
  type StateDict,
  torchCheckpoint,
  wrappedCheckpoints,
} from './torch-checkpoints.js';

/** A plugin, and a checkpoint that it takes. */
export interface VariantSubject {
  readonly plugin: Plugin;
  /** Path of a checkpoint whose names have no prefix except `prefix`. */
  readonly checkpoint: string;
  /** The prefix of the model's names in that file. */
  readonly prefix?: string;
  readonly options?: LoadOptions;
  readonly signals: SignalBatch;
}

/**
 * Tests that every plugin shares: the weights of a checkpoint give the same embedding whatever training wrapped them
 * in, in all floating-point types, and one of several sets of weights is taken only where it was asked for.
 */
export function testCheckpointVariants({
  plugin,
  checkpoint,
  prefix = '',
  options = {},
  signals,
}: VariantSubject): void {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-variants-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let tensors: StateDict;
  beforeAll(async () => {
    const all = await readStateDict(checkpoint);
    tensors = new Map(
      [...all].filter(([name]) => name.startsWith(prefix)).map(([name, one]) => [name.slice(prefix.length), one]),
    );
  });
  const embed = async (bytes: Uint8Array, more: LoadOptions = {}): Promise<Float32Array> => {
    const path = join(folder, 'variant.pt');
    writeFileSync(path, bytes);
    const embedder = await plugin.loadModel(path, { ...options, ...more });
    try {
      return (await getSceneEmbeddings(signals, embedder)).data;
    } finally {
      await embedder.dispose();
    }
  };

  describe('a checkpoint as training left it', () => {
    it('gives the embedding of the plain one, whatever it is wrapped in', async () => {
      const expected = await embed(torchCheckpoint(tensors));
      // All of them, and all sets of weights, are tested where they are told apart: see `select-weights.test.ts`.
      for (const [what, value] of wrappedCheckpoints(tensors).filter((_, index) => index % 4 === 2)) {
        expect(await embed(torchCheckpoint(value)), what).toEqual(expected);
      }
    });

    it.each(floatTypes.slice(1))('in %s gives the embedding of its values', async (type) => {
      const expected = await embed(torchCheckpoint(roundedTo(type, tensors)));
      expectClose(type, await embed(torchCheckpoint(tensors, type)), expected);
    });

    it('of several sets of weights is refused without a choice, and gives the one that is chosen', async () => {
      const other = scaled(tensors, 1.05);
      const expected = await embed(torchCheckpoint(tensors));
      for (const [what, value, choice] of severalSets(tensors, other).slice(1, 2)) {
        const bytes = torchCheckpoint(value);
        const refusal = await embed(bytes).catch((error: unknown) => error);
        expect(refusal, what).toBeInstanceOf(OptionError);
        expect((refusal as OptionError).message, what).toMatch(/2 sets of weights.*--weights/s);
        expect((refusal as OptionError).fix, what).toContain(`--weights ${choice}`);
        expect(await embed(bytes, { weights: choice }), what).toEqual(expected);
      }
    });
  });
}
