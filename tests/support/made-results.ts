import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hearTaskOf } from '@hearken/tasks';
import { writeNpy } from '@hearken/signals';

/** The contents of an artificial result. */
export interface MadeResult {
  readonly plugin?: string;
  readonly model?: string;
  readonly task?: string;
  readonly metric?: string;
  readonly score?: number | null;
  readonly version?: string;
  readonly trainFraction?: number;
  readonly contentHash?: string;
  readonly checkpointSha256?: string | null;
  readonly embedSeconds?: number;
  readonly finishedAt?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly probe?: string;
  readonly labels?: number;
  readonly clips?: number;
  /** A custom metric, by its version. */
  readonly metricVersion?: string;
}

/** A result document as `hearken run` writes it, with these figures. */
export function resultDocument(made: MadeResult = {}) {
  const { task = 'tones-v1-full', metric = 'top1_acc', score = 0.75 } = made;
  const [name, version, mode] = task.split('-');
  // As many as HEAR's task has, if it has the name of one.
  const hear = hearTaskOf(name, mode ?? version);
  const interval = score === null ? null : { low: score - 0.05, high: score + 0.05, level: 0.95, samples: 1000 };
  return {
    schemaVersion: 1,
    harness: { name: 'hearken', version: made.version ?? '0.1.0' },
    task: {
      id: task,
      name,
      version,
      mode: mode ?? version,
      contentHash: made.contentHash ?? 'a'.repeat(64),
      sampleRate: 16_000,
      embeddingType: 'scene',
      predictionType: 'multiclass',
      splitMode: 'trainvaltest',
      modality: 'audio',
      labels: made.labels ?? hear?.labels ?? 3,
      clips: made.clips ?? hear?.clips ?? 40,
    },
    model: {
      plugin: made.plugin ?? 'made',
      pluginVersion: '1.0.0',
      model: made.model ?? 'small',
      checkpointSha256: made.checkpointSha256 ?? null,
      options: made.options ?? {},
      backend: 'none',
      sampleRate: 16_000,
      channels: 1,
      embeddingSize: 4,
    },
    evaluation: {
      probe: made.probe ?? 'mlp',
      grid: 'fast',
      gridPoints: 8,
      seed: 0,
      seeds: 1,
      pca: null,
      ...(made.trainFraction === undefined ? {} : { trainFraction: made.trainFraction }),
    },
    metric,
    ...(made.metricVersion === undefined ? {} : { extensions: [metricRecord(metric, made.metricVersion)] }),
    scores: { [metric]: { mean: score, deviation: null, interval } },
    normalizedScore: null,
    folds: [
      {
        test: 'test',
        rows: 8,
        scores: { [metric]: score },
        validationScore: 0.5,
        epoch: 1,
        epochsTrained: 2,
        seconds: 1,
      },
    ],
    configuration: {},
    gridPoints: [],
    epochsTrained: 2,
    seconds: { embed: made.embedSeconds ?? 2, probe: 1 },
    cachedClips: 0,
    peakMemoryBytes: 1,
    predictions: null as null | { file: string; shape: number[] },
    testClips: null as null | { file: string },
    machine: { processor: 'made up', cores: 2 },
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: made.finishedAt ?? '2026-01-01T00:01:00.000Z',
    warnings: [] as string[],
  };
}

function metricRecord(name: string, version: string) {
  const summary = `${name}, made up`;
  return { kind: 'metric', name, version, summary, maximize: true, range: [0, 1], module: null, sha256: null };
}

export async function writeResult(path: string, made: MadeResult): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(resultDocument(made)));
}

/** A result with its answers in files next to it: eight clips with three labels, six of them right. */
export async function writeAnsweredResult(path: string, made: MadeResult): Promise<void> {
  const answers = [0, 0, 1, 1, 1, 2, 2, 0];
  const right = [0, 0, 1, 1, 2, 2, 2, 1];
  const document = resultDocument({ ...made, score: 0.75 });
  const base = path.replace(/\.json$/, '');
  const name = base.slice(dirname(base).length + 1);
  document.predictions = { file: `${name}.predictions.npy`, shape: [8, 3] };
  document.testClips = { file: `${name}.test.jsonl` };
  const predictions = Float32Array.from(
    answers.flatMap((answer) => [0, 1, 2].map((label) => (label === answer ? 0.8 : 0.1))),
  );
  const { id, contentHash } = document.task;
  const head = {
    schemaVersion: 1,
    task: id,
    contentHash,
    kind: 'scene',
    labels: ['low', 'middle', '<high>'],
    scoring: { predictionType: 'multiclass', settings: {} },
  };
  const clips = right.map((label, index) => ({ test: 'test', clip: `${index}.wav`, labels: [label] }));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(join(dirname(path), document.predictions.file), writeNpy(predictions, [8, 3]));
  await writeFile(
    join(dirname(path), document.testClips.file),
    [head, ...clips].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  await writeFile(path, JSON.stringify(document));
}

/** Three models on three tasks, one of them HEAR's, and one with shares of the training clips. */
export async function writeMadeResults(folder: string): Promise<void> {
  const tasks = ['tones-v1-full', 'noises-v1-full', 'esc50-v2.0.0-full'];
  const skills = { small: 0.6, medium: 0.7, large: 0.8 };
  for (const [model, skill] of Object.entries(skills)) {
    for (const [index, task] of tasks.entries()) {
      const made = { model, task, score: skill + index * 0.05, embedSeconds: skill };
      const path = join(folder, `made-${model}`, `${task}.json`);
      if (task === 'tones-v1-full') await writeAnsweredResult(path, made);
      else await writeResult(path, made);
    }
  }
  for (const [index, trainFraction] of [0.1, 0.5].entries()) {
    const made = { model: 'small', task: 'noises-v1-full', score: 0.3 + 0.1 * index, trainFraction };
    await writeResult(join(folder, 'made-small', `noises-v1-full.0000000${index}.json`), made);
  }
}
