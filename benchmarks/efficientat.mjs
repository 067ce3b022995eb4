import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSceneEmbeddings, getTimestampEmbeddings, signalBatch } from '@hearken/core';
import efficientat, { publishedTensors } from '@hearken/plugin-efficientat';
import { measure, testSignal } from './measure.mjs';
import { writeRandomWeights } from './random-weights.mjs';

const seconds = 32_000;

/** @returns {AsyncGenerator<{ what: string, value: number, unit: string, target?: number, pytorch?: number }>} */
export async function* efficientatRows() {
  const folder = mkdtempSync(join(tmpdir(), 'hearken-bench-'));
  try {
    for (const [model, target, pytorch] of [
      ['mn04_as', 5, 20.2],
      ['mn10_as', 9, 19.6],
    ]) {
      const path = join(folder, `${model}.safetensors`);
      await writeRandomWeights(path, publishedTensors(model));
      const embedder = await efficientat.loadModel(path, { model });
      const scene = signalBatch([testSignal(10 * seconds)]);
      const { median } = await measure(() => getSceneEmbeddings(scene, embedder));
      yield { what: `${model} scene of 10 s, batch 1`, value: median, unit: 'ms', target, pytorch };
      if (model === 'mn04_as') {
        const short = signalBatch([testSignal(2 * seconds)]);
        const timestamps = await measure(() => getTimestampEmbeddings(short, embedder));
        const what = `${model} timestamps of 2 s (41 windows)`;
        yield { what, value: timestamps.median, unit: 'ms', target: 8, pytorch: 112 };
        yield await memoryRow(embedder);
      }
      await embedder.dispose();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Embeds ten times as many clips and compares the resident memory: it should not grow with their number. */
async function memoryRow(embedder) {
  const batch = signalBatch(Array.from({ length: 40 }, () => testSignal(seconds)));
  const embed = async (clips) => {
    for (let done = 0; done < clips; done += batch.count) await getSceneEmbeddings(batch, embedder);
    return process.memoryUsage.rss() / 2 ** 20;
  };
  const before = await embed(400);
  const after = await embed(4000);
  return { what: 'memory from 400 to 4,000 clips of 1 s', value: after - before, unit: 'MiB more', target: 30 };
}
