import type { Artifacts } from '@hearken/artifacts';
import { openShard, readAllRows, shardKey, shardsOfSplit, type StoredShard } from '@hearken/artifacts/node';
import { principalComponents } from '../probes/pca/principal-components.js';
import { createProbeSession } from '../probes/probe-session.node.js';
import { Rows } from '../probes/rows.js';
import { standardization } from '../probes/standardization.js';
import { poolingOf } from './pooling.js';
import { embeddingsKey } from './task-shards.node.js';
import type { EmbeddingMap, EmbeddingMapReader, ReportAnswers, ReportResult } from '@hearken/report/internal';

/** More points would hide each other and take long to project. */
const maximumPoints = 600;

/**
 * Returns a function that projects the test clips of a result on the first two principal components of their
 * standardised embeddings, read from the run's cache; its result is undefined if the cache does not have them.
 *
 * @param artifacts where embeddings are stored
 */
export function embeddingMapReader(artifacts: Artifacts): EmbeddingMapReader {
  return (result, answers) => readEmbeddingMap(result, answers, artifacts);
}

async function readEmbeddingMap(
  { model, task }: ReportResult,
  { scores, folds }: ReportAnswers,
  artifacts: Artifacts,
): Promise<EmbeddingMap | undefined> {
  const { sampleRate } = model;
  const folder = embeddingsKey({ model, sampleRate, task: task.id, contentHash: task.contentHash });
  const keys = await artifacts.list(folder);
  const splits: Float32Array[] = [];
  for (const { test, clips } of folds) {
    const stored: StoredShard[] = [];
    for (const shard of shardsOfSplit(keys, test, clips) ?? []) {
      const key = shardKey(folder, shard);
      const path = await artifacts.fetch(key);
      const { name: kind, hasTimestamps } = poolingOf({ embeddingType: 'scene' });
      const expected = { kind, hasTimestamps, size: model.embeddingSize, clips: shard.clips };
      const found = path === undefined ? undefined : await openShard(path, key, expected);
      if (found === undefined) return undefined;
      stored.push(found);
    }
    if (stored.reduce((sum, { rows }) => sum + rows, 0) !== clips) return undefined;
    splits.push(await readAllRows(stored, model.embeddingSize));
  }
  const total = folds.reduce((sum, { clips }) => sum + clips, 0);
  const count = Math.min(total, maximumPoints);
  const chosen = Array.from({ length: count }, (_, index) => Math.floor((index * total) / count));
  const size = model.embeddingSize;
  const embeddings = new Float32Array(count * size);
  chosen.forEach((clip, row) => {
    embeddings.set(rowOf(clip, splits, size), row * size);
  });
  return project(embeddings, count, size, chosen, total, scores);
}

function rowOf(clip: number, splits: readonly Float32Array[], size: number): Float32Array {
  let row = clip;
  for (const split of splits) {
    if (row * size < split.length) return split.subarray(row * size, (row + 1) * size);
    row -= split.length / size;
  }
  throw new RangeError(`no clip ${clip}`);
}

async function project(
  embeddings: Float32Array,
  count: number,
  size: number,
  chosen: readonly number[],
  clips: number,
  { labels, targets }: ReportAnswers['scores'],
): Promise<EmbeddingMap | undefined> {
  const split = {
    embeddings,
    count,
    size,
    targets: new Uint8Array(count),
    clipNames: [],
    clipOf: new Uint32Array(count),
  };
  const rows = new Rows([split]);
  const scaling = standardization(rows);
  const { axes, variances, count: components } = await principalComponents(rows, scaling, createProbeSession);
  if (components < 2) return undefined;
  const coordinate = (row: number, component: number) => {
    let sum = 0;
    for (let index = 0; index < size; index += 1) {
      const value = (embeddings[row * size + index] - scaling.mean[index]) * scaling.factor[index];
      sum += value * axes[component * size + index];
    }
    return sum;
  };
  // Standardised values have variance 1; constant ones have 0.
  const total = scaling.factor.filter((factor) => factor > 0).length;
  const points = chosen.map((clip, row) => ({
    x: coordinate(row, 0),
    y: coordinate(row, 1),
    labels: Array.from(labels.keys()).filter((label) => targets[clip * labels.length + label] === 1),
  }));
  return { points, explained: [variances[0] / total, variances[1] / total], clips };
}
