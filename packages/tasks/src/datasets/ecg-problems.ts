import { highPeak } from '@hearken/signals/internal';
import { joinValues } from '@hearken/core/internal';
import type { SignalProblem } from './clip-problems.js';

/** ECG models usually need at least this many seconds. */
const usualSeconds = 5;

/**
 * Looks for problems in an ECG that could be read: gaps, constant leads, values that cannot be in mV, a length that
 * models do not take.
 *
 * @param channels one per lead, in mV, gaps as NaN
 * @param leads their names
 */
export function ecgProblems(
  channels: readonly Float32Array[],
  sampleRate: number,
  leads: readonly string[],
): SignalProblem[] {
  const named = (places: readonly number[]) =>
    places.length === channels.length && channels.length > 1
      ? 'every lead'
      : `lead ${places.map((place) => leads[place] ?? String(place + 1)).join(', ')}`;
  const places = channels.map((_, place) => place);
  const missing = channels.map((channel) =>
    channel.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0),
  );
  const samples = channels[0].length;
  const problems: SignalProblem[] = [];
  const empty = places.filter((place) => missing[place] === samples);
  if (empty.length > 0) {
    const fix = 'leave the recording out, or choose leads that it has';
    problems.push({ severity: 'unusable', found: `no values in ${named(empty)}`, fix });
    return problems;
  }
  const gaps = places.filter((place) => missing[place] > 0);
  if (gaps.length > 0) {
    const count = missing.reduce((sum, one) => sum + one, 0);
    const share = Number(((100 * count) / (samples * channels.length)).toPrecision(2));
    const found = `${count} missing values (${share}%) in ${named(gaps)}`;
    problems.push({ severity: 'suspicious', found, fix: "they are filled with the recording's mean: check it" });
  }
  const flat = places.filter((place) => isFlat(channels[place]));
  if (flat.length > 0) {
    const found = `${named(flat)} flat from start to end`;
    problems.push({ severity: 'suspicious', found, fix: 'check the electrodes, or whether the lead was recorded' });
  }
  const peak = highPeak({
    leads: places.map((place) => leads[place] ?? String(place + 1)),
    signal: joinValues(channels),
  });
  if (peak !== undefined) {
    const fix = "check the unit: µV or a converter's counts may have been read as mV, or there is an artefact";
    problems.push({ severity: 'suspicious', found: `a peak ${peak}`, fix });
  }
  const seconds = samples / sampleRate;
  if (seconds < usualSeconds) {
    const found = `${Number(seconds.toPrecision(3))} s, less than the ${usualSeconds} s that ECG models need`;
    problems.push({
      severity: 'suspicious',
      found,
      fix: 'choose longer recordings, or a model that takes short ones',
    });
  }
  return problems;
}

/** Constant, apart from gaps. */
function isFlat(values: Float32Array): boolean {
  const first = values.find((value) => Number.isFinite(value));
  return values.every((value) => !Number.isFinite(value) || value === first);
}
