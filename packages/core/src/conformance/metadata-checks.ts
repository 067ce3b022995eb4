import type { Embedder } from '../embedder.js';
import { pluginFromModule } from '../plugin-module.js';
import { broken, type ConformanceCheck } from './check.js';

const sizes = [
  'sampleRate',
  'channels',
  'sceneEmbeddingSize',
  'timestampEmbeddingSize',
  'minimumSceneSamples',
  'minimumTimestampSamples',
] as const;

/**
 * Sample rates at which such signals are recorded, in Hz. hear-validator accepts only 16, 22.05, 44.1 and 48 kHz;
 * models with other rates exist, and recordings below a telephone's 8 kHz don't go below 2 kHz. ECGs have several
 * channels.
 */
const audioRates = [2000, 400_000] as const;
const ecgRates = [50, 400_000] as const;

/** What the plugin and the embedder declare about themselves. */
export const metadataChecks: readonly ConformanceCheck[] = [
  {
    name: 'the plugin definition is complete',
    why: 'without a version and metadata of the models, it is unclear what a score belongs to',
    async run({ plugin }) {
      pluginFromModule({ default: plugin }, plugin.name);
      return Promise.resolve();
    },
  },
  {
    name: 'sizes and sample rate are positive integers and match the metadata',
    why: 'these numbers determine how tasks are resampled and how large probes are, before the model runs',
    async run(context) {
      const embedder = await context.embedder();
      for (const size of sizes) {
        if (Number.isSafeInteger(embedder[size]) && embedder[size] > 0) continue;
        throw broken(`a positive integer ${size}`, String(embedder[size]), 'set it when loading the model');
      }
      const [lowest, highest] = embedder.channels === 1 ? audioRates : ecgRates;
      if (embedder.sampleRate < lowest || embedder.sampleRate > highest) {
        throw broken(
          `sampleRate from ${lowest} to ${highest} Hz for ${embedder.channels} channel${embedder.channels === 1 ? '' : 's'}`,
          `${embedder.sampleRate}`,
          'give the rate of the signals in Hz: not in kHz, and not the frame rate',
        );
      }
      const model = modelMetadata(context.plugin.models, embedder);
      const expected = {
        sampleRate: model.sampleRate,
        channels: model.channels,
        sceneEmbeddingSize: context.sceneEmbeddingSize ?? model.embeddingSize,
      };
      for (const size of ['sampleRate', 'channels', 'sceneEmbeddingSize'] as const) {
        if (embedder[size] === expected[size]) continue;
        throw broken(
          `${size} ${expected[size]}, as in the metadata of '${embedder.provenance.model}'`,
          String(embedder[size]),
          'make the metadata and the embedder agree; if you load it with options, pass sceneEmbeddingSize to the suite',
        );
      }
    },
  },
  {
    name: 'the provenance is complete',
    why: "a wrong checkpoint is the most common reason why a score can't be reproduced",
    async run(context) {
      const embedder = await context.embedder();
      const { plugin, pluginVersion, checkpointSha256, options, backend, execution } = embedder.provenance;
      const expected = { plugin: context.plugin.name, pluginVersion: context.plugin.version };
      for (const [field, found] of Object.entries({ plugin, pluginVersion })) {
        const wanted = expected[field as keyof typeof expected];
        if (found === wanted) continue;
        throw broken(`provenance.${field} '${wanted}'`, `'${found}'`, "take it from the plugin's definition");
      }
      modelMetadata(context.plugin.models, embedder);
      if (checkpointSha256 !== null && !/^[0-9a-f]{64}$/.test(checkpointSha256)) {
        throw broken(
          'provenance.checkpointSha256 with 64 lower-case hexadecimal digits, or null if there is no checkpoint',
          `'${checkpointSha256}'`,
          'hash the checkpoint file that was loaded',
        );
      }
      if (typeof backend !== 'string' || backend.trim() === '') {
        throw broken('provenance.backend', `'${backend}'`, 'name the runtime, with its version');
      }
      if (execution !== undefined && !isExecution(execution)) {
        const found = JSON.stringify(execution);
        throw broken('provenance.execution', found, "take it from the session, or leave it out: 'backend' is enough");
      }
      const place = notPlainData(options, 'options', 0);
      if (place !== undefined) {
        throw broken(
          'provenance.options that survive a round trip through JSON',
          place,
          'use plain values only, and include defaults',
        );
      }
    },
  },
];

function modelMetadata<Metadata>(models: Readonly<Record<string, Metadata>>, embedder: Embedder): Metadata {
  const { model } = embedder.provenance;
  if (Object.hasOwn(models, model)) return models[model];
  throw broken(
    `provenance.model that is one of ${Object.keys(models).join(', ')}`,
    `'${model}'`,
    "use the model's name from the plugin definition",
  );
}

/** Which part of a value does not survive a round trip through JSON; undefined if all of it does. */
function notPlainData(value: unknown, place: string, depth: number): string | undefined {
  if (depth > 32) return `${place} nested too deeply`;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${place} ${value}`;
  if (typeof value !== 'object') return `${place} of type ${typeof value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return `${place} of a class`;
  for (const [key, inner] of Object.entries(value)) {
    const found = notPlainData(inner, `${place}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A plugin may be plain JavaScript. */
function isExecution(value: unknown): boolean {
  const { runtime, threads } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const areThreads = threads === undefined || (Number.isSafeInteger(threads) && Number(threads) > 0);
  return typeof runtime === 'string' && runtime.trim() !== '' && areThreads;
}
