import { AudioError, type Embedder, type LoadOptions, OptionError, type Plugin, standardLeads } from '@hearken/core';
import { fillGaps } from '@hearken/signals';
import { isEcg, levelWarning } from '@hearken/signals/internal/node';
import { readEcgFile } from '@hearken/signals/node';
import { resampleChannels } from '@hearken/signals/internal';
import { resample } from '@hearken/signals/onnx';

/** The option by which a plugin takes signals at the rate at which they were recorded, in Hz. */
const inputRateOption = 'inputRate';

/** What to read an ECG file with. */
export interface ReadEcgSignalOptions {
  /** Hz of a CSV without a time column. */
  readonly sampleRate?: number;
  /** Hz at which the embedder was loaded because of the first file; absent where it was not. */
  readonly recordRate?: number;
  /** Called with what the reader had to make of the file. */
  readonly onWarning?: (warning: string) => void;
}

/**
 * The signal of an ECG file: the leads that an embedder takes, in its order, at its rate.
 *
 * @returns `[channels, samples]` in mV, row-major
 * @throws AudioError naming the file; OptionError for a record of another rate than `recordRate`
 */
export async function readEcgSignal(
  path: string,
  embedder: Embedder,
  { sampleRate, recordRate, onWarning }: ReadEcgSignalOptions = {},
): Promise<Float32Array> {
  const leads = leadsOf(embedder);
  if (leads?.length !== embedder.channels) {
    const { plugin, model } = embedder.provenance;
    throw new AudioError({
      asked: `ECG '${path}' as a signal of ${plugin}:${model}`,
      found:
        embedder.channels === 1
          ? 'an ECG for a model of audio'
          : `an ECG for a model of ${embedder.channels} channels that names no leads`,
      fix: 'choose an ECG model (hearken models: 12 channels), or pass an audio file',
    });
  }
  const level = takesMillivolts(embedder) ? 'say' : 'ignore';
  const record = await readEcgFile(path, { leads, sampleRate, level });
  if (recordRate !== undefined && record.sampleRate !== recordRate) {
    throw new OptionError({
      asked: `ECGs of one sample rate, ${recordRate} Hz as the first`,
      found: `'${path}' of ${record.sampleRate} Hz`,
      fix: `embed records of each rate on their own, or pass --options '{"${inputRateOption}":${recordRate}}' to have all resampled to it`,
    });
  }
  for (const warning of record.warnings) onWarning?.(warning);
  return resampleChannels(record.signal, leads.length, record.sampleRate, embedder.sampleRate, resample);
}

/**
 * A signal of an array, with gaps (NaN) filled as in an ECG file where the embedder takes ECGs. Other signals stay as they
 * are, since a gap in them is a mistake.
 *
 * @param signal `[channels, samples]`, row-major
 * @throws AudioError for a lead without a single value
 */
export function fillArrayGaps(
  signal: Float32Array,
  path: string,
  embedder: Embedder,
  onWarning?: (warning: string) => void,
): Float32Array {
  const leads = leadsOf(embedder);
  if (leads?.length !== embedder.channels) return signal;
  const record = { leads: [...leads], sampleRate: embedder.sampleRate, signal, warnings: [] };
  const filled = fillGaps(record, path);
  for (const warning of filled.warnings) onWarning?.(warning);
  return filled.signal;
}

/**
 * What to say of an array of ECGs that cannot be in mV, of the first such signal; undefined where there is nothing to say.
 *
 * @param data `[n, channels, samples]`, row-major
 */
export function arrayLevelWarning(data: Float32Array, samples: number, embedder: Embedder): string | undefined {
  const leads = leadsOf(embedder);
  if (leads?.length !== embedder.channels || !takesMillivolts(embedder)) return undefined;
  const size = leads.length * samples;
  for (let start = 0; start < data.length; start += size) {
    const warning = levelWarning({ leads: [...leads], signal: data.subarray(start, start + size) });
    if (warning !== undefined) return warning;
  }
  return undefined;
}

/** Not where the user said that the signals are in another unit. */
function takesMillivolts({ provenance }: Embedder): boolean {
  const { units } = provenance.options;
  return units === undefined || units === 'mV';
}

/** Whether an embedder takes ECGs, and so everything that it is given is one. */
export function takesEcgs(embedder: Embedder): boolean {
  return leadsOf(embedder)?.length === embedder.channels;
}

/** What an embedder says that its channels are, else the 12 standard leads where it has as many channels. */
function leadsOf({ channels, provenance }: Embedder): readonly string[] | undefined {
  const { leads } = provenance.options;
  if (Array.isArray(leads)) return leads.map(String);
  return channels === standardLeads.length ? standardLeads : undefined;
}

/**
 * The rate at which to load a model for the first of some files: where a plugin takes signals at the rate at which they
 * were recorded, filters work as published only at that rate.
 *
 * @param sampleRate Hz of files that do not say it themselves
 * @returns undefined where the plugin has no such option, the user gave it, or the file is neither ECG nor array
 * @throws AudioError when the file cannot be read
 */
export async function findRecordRate(
  path: string,
  plugin: Plugin,
  options: LoadOptions | undefined,
  sampleRate?: number,
): Promise<number | undefined> {
  if (!Object.hasOwn(plugin.options ?? {}, inputRateOption) || options?.[inputRateOption] !== undefined)
    return undefined;
  if (/\.npy$/i.test(path)) return sampleRate;
  return (await isEcg(path)) ? (await readEcgFile(path, { sampleRate, gaps: 'keep' })).sampleRate : undefined;
}

/** The options that load a model for signals of `rate`. */
export function atRecordRate(rate: number | undefined): LoadOptions {
  return rate === undefined ? {} : { [inputRateOption]: rate };
}
