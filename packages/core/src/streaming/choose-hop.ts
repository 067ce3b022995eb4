import type { Embedder } from '../embedder.js';
import { OptionError } from '../errors.js';
import type { TimestampGrid, TimestampStreaming } from './timestamp-streaming.js';

/** The timestamps of a stream: those of `grid`, or every `every`-th of them. */
export interface ChosenTimestamps {
  readonly grid: TimestampGrid;
  readonly embed: TimestampStreaming['embed'];
  readonly every: number;
}

/** How far a hop may be from a possible one: 333.33 ms is meant to be a third of a second. */
const tolerance = { ofMultiple: 1e-4, ofSample: 1e-3 } as const;

/**
 * The timestamps of an embedder, `hop` ms apart.
 *
 * @param hop any whole number of samples, or a multiple of the model's hop if it allows no other; absent: the model's
 *   hop
 * @throws OptionError for a model that can't stream, or a hop that is not possible, with those that are
 */
export function chooseTimestamps(embedder: Embedder, hop: number | undefined): ChosenTimestamps {
  const { sampleRate, timestampStreaming: streaming, provenance } = embedder;
  const model = `${provenance.plugin}:${provenance.model}`;
  if (streaming === undefined) {
    throw new OptionError({
      asked: `to stream embeddings from ${model}`,
      found: 'a model that needs the whole signal at once',
      fix: 'use getTimestampEmbeddings',
    });
  }
  const chosen = (every: number, grid: TimestampGrid = streaming): ChosenTimestamps => ({
    grid,
    embed: (...parts) => streaming.embed(...parts),
    every,
  });
  if (hop === undefined) return chosen(1);
  const samples = (hop * sampleRate) / 1000;
  const every = wholeNumber(samples / streaming.hop, tolerance.ofMultiple);
  // The model's hop keeps the model's windows.
  if (every === 1 || (every !== undefined && !streaming.anyHop)) return chosen(every);
  const whole = wholeNumber(samples, tolerance.ofSample);
  if (whole !== undefined && streaming.anyHop) return chosen(1, { ...streaming, hop: whole });
  const own = (streaming.hop * 1000) / sampleRate;
  const asked = `a hop of ${hop} ms from ${model}`;
  if (!streaming.anyHop) {
    const fix = `pass a multiple of that, such as ${rounded(own)} or ${rounded(2 * own)}`;
    throw new OptionError({ asked, found: `timestamps ${rounded(own)} ms apart`, fix });
  }
  const fix = `pass a whole number of samples (${rounded(1000 / sampleRate)} ms each), such as ${rounded(own)}`;
  throw new OptionError({ asked, found: `${sampleRate} samples a second`, fix });
}

/** The whole number of at least 1 that a value is close enough to. */
function wholeNumber(value: number, within: number): number | undefined {
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) && whole >= 1 && Math.abs(value - whole) <= within ? whole : undefined;
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toPrecision(6));
}
