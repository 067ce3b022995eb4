import { type LoadOptions, OptionError } from '@hearken/core';
import { checkPrecision, type Precision } from '@hearken/onnx';
import { sampleRate, windowSamples } from './front-end.js';

/** The options that change an embedding. */
export interface HearOptions {
  /** Seconds from one 2 s window of a longer scene to the next. */
  readonly hop: number;
  /** Level in dB below which windows of a longer scene are left out; false: none are. */
  readonly skipSilent: number | false;
  readonly precision: Precision;
}

const longestHop = windowSamples / sampleRate;
/** Shorter hops aren't worth their cost: 0.05 s already means 20 passes per second. */
const shortestHop = 0.05;
/** `skipSilent: true`. */
const silenceLevel = -50;

/** @throws OptionError for a value out of range */
export function checkOptions({ hop = 1, skipSilent = false, precision: asked }: LoadOptions): HearOptions {
  const precision = checkPrecision(asked);
  if (typeof hop !== 'number' || !(hop >= shortestHop && hop <= longestHop)) {
    throw new OptionError({
      asked: `option hop ${JSON.stringify(hop)}`,
      found: 'not a possible distance in seconds between windows of 2 s',
      fix: `pass ${shortestHop} to ${longestHop}`,
    });
  }
  if (typeof skipSilent === 'boolean') return { hop, skipSilent: skipSilent && silenceLevel, precision };
  if (typeof skipSilent === 'number' && skipSilent < 0 && skipSilent >= -200) return { hop, skipSilent, precision };
  throw new OptionError({
    asked: `option skipSilent ${JSON.stringify(skipSilent)}`,
    found: 'neither true, nor false, nor a level in dB below 0',
    fix: `pass true (${silenceLevel} dB), or a level from -200 to below 0`,
  });
}
