import { rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { evaluateTask } from '../../src/evaluation/evaluate-task.node.js';
import type { EmbeddedSplit } from '../../src/embeddings/embedded-split.js';
import type { EvaluationInput } from '../../src/evaluation/evaluation.js';
import { constantEmbeddings } from '../../src/guards/constant-embeddings.js';
import { Rows } from '../../src/probes/rows.js';
import { StoredRows } from '@hearken/artifacts/node';
import { reopenedSplits } from '../../src/embeddings/reopened-splits.node.js';
import { rowsOfFile } from './rows-of-file.js';
import { sceneTask } from '../evaluation/made-up-task.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let path: string;

beforeEach(async () => {
  path = join(await temporaryFolder(), 'rows.f32');
});

async function store(values: Float32Array, size: number, file = path): Promise<StoredRows> {
  await writeFile(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return rowsOfFile(file, size);
}

/** The same task with its embeddings in files. */
async function storedTask(input: EvaluationInput): Promise<EvaluationInput> {
  const splits = new Map<string, EmbeddedSplit>();
  for (const [name, split] of input.splits) {
    const stored = await store(split.embeddings, split.size, `${path}.${name}`);
    splits.set(name, { ...split, embeddings: new Float32Array(), stored });
  }
  return { ...input, splits };
}

function closeAll({ splits }: EvaluationInput): void {
  for (const { stored } of splits.values()) (stored as StoredRows).close();
}

describe('rows in a file', () => {
  it('are read where they are asked for', async () => {
    const rows = await store(
      Float32Array.from({ length: 12 }, (_, index) => index),
      3,
    );
    const into = new Float32Array(8);
    rows.read(2, 2, into, 1);
    expect([...into]).toEqual([0, 6, 7, 8, 9, 10, 11, 0]);
    rows.close();
    rows.read(0, 1, into, 5);
    expect([...into.subarray(5)]).toEqual([0, 1, 2]);
    rows.close();
  });

  it('are the same list as in memory', async () => {
    const input = sceneTask({ rows: { train: 7, valid: 5, test: 3 } });
    const stored = await storedTask(input);
    const [inMemory, inFiles] = [input, stored].map(({ splits }) => new Rows([...splits.values()]));
    const gathered = [inMemory, inFiles].map((rows) => {
      const [embeddings, targets] = [new Float32Array(4 * 6), new Float32Array(4 * 3)];
      rows.gather([14, 3, 8, 0], 0, 4, embeddings, targets);
      return [...embeddings, ...targets];
    });
    expect(gathered[1]).toEqual(gathered[0]);
    const blocks = [inMemory, inFiles].map((rows) =>
      [...rows.blocks(2)].map(({ start, count, targets }) => [start, count, ...targets]),
    );
    expect(blocks[1]).toEqual(blocks[0]);
    // A block's embeddings last until the next one.
    const values = [inMemory, inFiles].map((rows) => {
      const all: number[] = [];
      for (const { embeddings } of rows.blocks(2)) all.push(...embeddings);
      return all;
    });
    expect(values[1]).toEqual(values[0]);
    closeAll(stored);
  });

  it.each(['mlp', 'linear'])('give %s the same scores as in memory', async (probe) => {
    const input = sceneTask({ noise: 1.5 });
    const stored = await storedTask(input);
    const options = { probe, grid: 'faster', gridPoints: 2, seed: 0, threads: 1 } as const;
    const [first, second] = [await evaluateTask(input, options), await evaluateTask(stored, options)];
    expect(second.scores).toEqual(first.scores);
    expect(second.folds[0].predictions).toEqual(first.folds[0].predictions);
    closeAll(stored);
  });

  it('are looked over for constants like those in memory', async () => {
    const split = { embeddings: new Float32Array(), count: 3, size: 2 };
    const same = { ...split, stored: await store(Float32Array.of(1, 2, 1, 2, 1, 2), 2) };
    const other = { ...split, stored: await store(Float32Array.of(1, 2, 1, 2, 1, 3), 2, `${path}2`) };
    expect(constantEmbeddings('task', [same])).toHaveLength(1);
    expect(constantEmbeddings('task', [same, other])).toEqual([]);
    for (const { stored } of [same, other]) stored.close();
  });

  it('are opened again where they are sent to another thread', async () => {
    const { splits } = await storedTask(sceneTask({ rows: { train: 4 } }));
    const sent = structuredClone(splits);
    expect(sent.get('train')?.stored).not.toBeInstanceOf(StoredRows);
    const reopened = reopenedSplits(sent).get('train')!;
    const [own, others] = [new Float32Array(6), new Float32Array(6)];
    splits.get('train')?.stored?.read(3, 1, own, 0);
    reopened.stored?.read(3, 1, others, 0);
    expect([...others]).toEqual([...own]);
    expect(own.some((value) => value !== 0)).toBe(true);
    for (const stored of [splits.get('train')?.stored, reopened.stored]) (stored as StoredRows).close();
  });

  it('are refused where another run replaced or removed them', async () => {
    const rows = await store(new Float32Array(12), 3);
    const into = new Float32Array(3);
    await truncate(path, 40);
    expect(() => rows.read(3, 1, into, 0)).toThrow(/ends after 40 bytes; run again/);
    rows.close();
    await rename(path, `${path}.old`);
    await writeFile(path, new Uint8Array(48));
    expect(() => rows.read(0, 1, into, 0)).toThrow(/another file with that name/);
    await rm(path);
    expect(() => rows.read(0, 1, into, 0)).toThrow(FileError);
  });
});
