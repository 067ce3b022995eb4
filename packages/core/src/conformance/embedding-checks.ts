import { type EmbedderError, isHearkenError } from '../errors.js';
import type { AnswerProblem } from '../get-embeddings.js';
import { signalBatch, sliceBatch } from '../signals.js';
import {
  apart,
  broken,
  clipSamples,
  type ConformanceCheck,
  distance,
  type Embedded,
  embeddingKinds,
  embeddingRow,
  expectValues,
  testBatch,
} from './check.js';

/** Length of the clips in most checks. */
const seconds = 2;

/** Seeds of three signals: one loud, one quiet, one in between. */
const seeds = [0, 1, 2];

/** Properties of embeddings, and what they may depend on. */
export const embeddingChecks: readonly ConformanceCheck[] = [
  {
    name: 'scene embeddings are finite float32 of the declared shape',
    why: 'a single NaN or extra value ruins every score of the task',
    async run(context) {
      const embedder = await context.embedder();
      const signals = await testBatch(context, clipSamples(embedder, seconds), seeds);
      const embeddings = await context.plugin.getSceneEmbeddings(signals, embedder);
      expectShape('scene embeddings', embeddings, [seeds.length, embedder.sceneEmbeddingSize], embeddings.size);
    },
  },
  {
    name: 'timestamp embeddings are finite float32 of the declared shape',
    why: 'event detection reads rows by their timestamps, and a single NaN ruins every score',
    async run(context) {
      const embedder = await context.embedder();
      const signals = await testBatch(context, clipSamples(embedder, seconds), seeds);
      const embeddings = await context.plugin.getTimestampEmbeddings(signals, embedder);
      const { timestampCount, timestamps, size } = embeddings;
      if (!(Number.isSafeInteger(timestampCount) && timestampCount > 0)) {
        throw broken('at least one timestamp', String(timestampCount), 'embed at least one window');
      }
      const shape = [seeds.length, timestampCount, embedder.timestampEmbeddingSize];
      expectShape('timestamp embeddings', embeddings, shape, size);
      expectValues('timestamps', timestamps, shape.slice(0, 2));
    },
  },
  {
    name: 'different signals have different embeddings',
    why: 'a model that ignores its input scores at chance level, without any error',
    async run(context) {
      const embedder = await context.embedder();
      const signals = await testBatch(context, clipSamples(embedder, seconds), seeds);
      for (const kind of embeddingKinds) {
        const embeddings = await kind.embed(context.plugin, embedder, signals);
        for (const other of seeds.slice(1)) {
          const { found } = distance(embeddingRow(embeddings, 0), embeddingRow(embeddings, other), context.tolerance);
          if (found > 0) continue;
          throw broken(
            `${kind.name} embeddings of different signals`,
            `signals 0 and ${other} with the same values`,
            'check that the signal reaches the model, and that each row belongs to its own signal',
          );
        }
      }
    },
  },
  {
    name: 'the same signal twice has the same embedding',
    why: 'embeddings are cached and reused, and repeating a run must give the same score',
    async run(context) {
      const embedder = await context.embedder();
      const signals = await testBatch(context, clipSamples(embedder, seconds), seeds);
      for (const kind of embeddingKinds) {
        const first = await kind.embed(context.plugin, embedder, signals);
        const copy = first.data.slice();
        const second = await kind.embed(context.plugin, embedder, signals);
        const { found, allowed } = distance(second.data, copy, context.tolerance);
        if (found <= allowed) continue;
        throw broken(
          `${kind.name} embeddings of the same signals twice`,
          apart(found, allowed),
          'turn off dropout and random cropping, and keep no state between calls',
        );
      }
    },
  },
  {
    name: 'an embedding does not depend on its batch',
    why: 'otherwise the score depends on the batch size and on the order of the files',
    async run(context) {
      const embedder = await context.embedder();
      const signals = await testBatch(context, clipSamples(embedder, seconds), seeds);
      const reversed = await testBatch(context, signals.samples, seeds.toReversed());
      for (const kind of embeddingKinds) {
        const together = await kind.embed(context.plugin, embedder, signals);
        const backwards = await kind.embed(context.plugin, embedder, reversed);
        for (const index of seeds.keys()) {
          const alone = await kind.embed(context.plugin, embedder, sliceBatch(signals, index, index + 1));
          const others = {
            'in a batch': embeddingRow(together, index),
            'in the batch reversed': embeddingRow(backwards, seeds.length - 1 - index),
          };
          for (const [where, other] of Object.entries(others)) {
            const { found, allowed } = distance(other, embeddingRow(alone, 0), context.tolerance);
            if (found <= allowed) continue;
            throw broken(
              `the same ${kind.name} embedding of signal ${index} ${where} as when it is embedded alone`,
              apart(found, allowed),
              'scale and pad each signal separately, and keep the order of the batch',
            );
          }
        }
      }
    },
  },
  {
    name: 'the signals are not modified',
    why: 'callers embed the same signals again, over time or with another model',
    async run(context) {
      const embedder = await context.embedder();
      const signals = await testBatch(context, clipSamples(embedder, seconds), seeds);
      const before = signals.data.slice();
      for (const kind of embeddingKinds) {
        await kind.embed(context.plugin, embedder, signals);
        const changed = before.findIndex((value, index) => value !== signals.data[index]);
        if (changed < 0 && signals.data.length === before.length) continue;
        throw broken(
          `signals that ${kind.name} embedding does not modify`,
          `value ${changed} changed`,
          "work on a copy, and don't transfer the caller's memory to a worker",
        );
      }
    },
  },
  {
    name: 'silence has finite embeddings',
    why: 'recordings contain silence, where a logarithm or a division by the level gives NaN',
    async run(context) {
      const embedder = await context.embedder();
      const silence = new Float32Array(embedder.channels * clipSamples(embedder, seconds));
      const signals = signalBatch([silence], embedder.channels);
      for (const kind of embeddingKinds) {
        const embeddings = await kind.embed(context.plugin, embedder, signals).catch((error: unknown) => {
          const isNotFinite = isHearkenError(error) && error.reason === ('not-finite' satisfies AnswerProblem);
          throw isNotFinite ? notFinite(kind.name, error) : error;
        });
        if (embeddings.data.every(Number.isFinite)) continue;
        throw notFinite(kind.name);
      }
    },
  },
];

function notFinite(kind: string, cause?: unknown): EmbedderError {
  return broken(
    `finite ${kind} embeddings of silence`,
    'NaN or infinity',
    'keep logarithms and divisions away from zero: log(x + 1e-6), x / max(level, 1e-6)',
    cause,
  );
}

/** Refuses embeddings whose values, row count or row size don't match `shape`. */
function expectShape(what: string, embeddings: Embedded, shape: readonly number[], size: number): void {
  expectValues(what, embeddings.data, shape);
  const expected = { count: shape[0], size: shape[shape.length - 1] };
  if (embeddings.count === expected.count && size === expected.size) return;
  throw broken(
    `${what} with count ${expected.count} and size ${expected.size}`,
    `count ${embeddings.count} and size ${size}`,
    'make count, size and the values agree',
  );
}
