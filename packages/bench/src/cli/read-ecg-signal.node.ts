import { AudioError, type Embedder, type LoadOptions, OptionError, type Plugin, standardLeads } from '@hearken/core';
import { fillGaps } from '@hearken/signals';
import { isEcg, levelWarning } from '@hearken/signals/internal/node';
import { readEcgFile } from '@hearken/signals/node';
import { resampleChannels } from '@hearken/signals/internal';
import { resample } from '@hearken/signals/onnx';

/** The name of the option by which a plugin takes signals at their recorded sample rate, in Hz. */
const inputRateOption = 'inputRate';

/** How to read an ECG file. */
export interface ReadEcgSignalOptions {
  /** Sample rate in Hz for a CSV without a time column. */
  readonly sampleRate?: number;
  /** The sample rate in Hz for which the embedder was loaded because of the first file; otherwise undefined. */
  readonly recordRate?: number;
  /** Called with the reader's notes about the file. */
  readonly onWarning?: (warning: string) => void;
}

/**
 * The signal of an ECG file: the leads that an embedder takes, in its order and at its sample rate.
 *
 * @returns `[channels, samples]` in mV, row-major
 * @throws AudioError naming the file; OptionError for a record with another rate than `recordRate`
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
      asked: `ECG '${path}' as input of ${plugin}:${model}`,
      found:
        embedder.channels === 1
          ? 'an ECG for an audio model'
          : `an ECG for a model with ${embedder.channels} channels and unnamed leads`,
      fix: 'choose an ECG model (hearken models: 12 channels), or pass an audio file',
    });
  }
  const level = takesMillivolts(embedder) ? 'say' : 'ignore';
  const record = await readEcgFile(path, { leads, sampleRate, level });
  if (recordRate !== undefined && record.sampleRate !== recordRate) {
    throw new OptionError({
      asked: `ECGs with the same sample rate as the first, ${recordRate} Hz`,
      found: `'${path}' with ${record.sampleRate} Hz`,
      fix: `embed records of different rates separately, or pass --options '{"${inputRateOption}":${recordRate}}' to have all resampled to it`,
    });
  }
  for (const warning of record.warnings) onWarning?.(warning);
  return resampleChannels(record.signal, leads.length, record.sampleRate, embedder.sampleRate, resample);
}

/**
 * A signal from an array. If the embedder takes ECGs, gaps (NaN) are filled as in an ECG file. Other signals are not
 * changed, because gaps in them are errors.
 *
 * @param signal `[channels, samples]`, row-major
 * @throws AudioError for a lead without values
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
 * The warning about an array of ECGs that cannot be in mV, for the first such signal; undefined if there is none.
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

/** Not if the user said that the signals are in another unit. */
function takesMillivolts({ provenance }: Embedder): boolean {
  const { units } = provenance.options;
  return units === undefined || units === 'mV';
}

/** Whether an embedder takes ECGs, so that all its input is ECGs. */
export function takesEcgs(embedder: Embedder): boolean {
  return leadsOf(embedder)?.length === embedder.channels;
}

/** The names of an embedder's channels; by default the 12 standard leads, if it has as many channels. */
function leadsOf({ channels, provenance }: Embedder): readonly string[] | undefined {
  const { leads } = provenance.options;
  if (Array.isArray(leads)) return leads.map(String);
  return channels === standardLeads.length ? standardLeads : undefined;
}

/**
 * The sample rate to load a model for, given the first of some files: if a plugin takes signals at their recorded rate,
 * its filters work as published only at that rate.
 *
 * @param sampleRate Hz of files that do not say it themselves
 * @returns undefined if the plugin has no such option, the user has set it, or the file is neither an ECG nor an
 *   array
 * @throws AudioError if the file cannot be read
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

/** The options that load a model for signals at `rate`. */
export function atRecordRate(rate: number | undefined): LoadOptions {
  return rate === undefined ? {} : { [inputRateOption]: rate };
}
