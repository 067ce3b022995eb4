import { decimalsOf, numberOf, type DecimalMark } from './ecg-csv-numbers.js';
import { secondsOf } from './ecg-csv-columns.js';

const secondsOfDay = 86_400;
const clock = /^(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d*)?)$/;
const dateAndClock =
  /^(?<first>\d{1,4})[-/.](?<month>\d{1,2})[-/.](?<last>\d{1,4})(?:T|\s+)(?<clock>[\d:.,]+)\s*(?<zone>Z|[-+]\d{2}:?\d{2})?$/i;
const clockAndDate = /^(?<clock>[\d:.,]+)\s+(?<first>\d{1,2})[-/.](?<month>\d{1,2})[-/.](?<last>\d{4})$/;

/** A time in a cell. */
interface CellTime {
  readonly seconds: number;
  /** Number of digits after the decimal mark of its seconds. */
  readonly decimals: number;
  /** A time of day, which starts again at midnight. */
  readonly isClock: boolean;
}

/**
 * Reads a time: a number in some unit, `m:ss.mmm`, `hh:mm:ss.mmm`, or a date and a time of day (ISO 8601, or
 * `[hh:mm:ss.mmm dd/mm/yyyy]` as written by the WFDB software). Only differences of times are used.
 *
 * @param secondsPerUnit for plain numbers
 */
function parseTime(cell: string, secondsPerUnit: number, mark: DecimalMark): CellTime | undefined {
  const text = cell.replace(/^\[(.*)\]$/s, '$1').trim();
  const number = numberOf(text, mark);
  if (number !== undefined) {
    const digits = decimalsOf(text) - Math.log10(secondsPerUnit);
    return { seconds: number * secondsPerUnit, decimals: digits, isClock: false };
  }
  const ofDay = clockSeconds(text);
  if (ofDay !== undefined) return { ...ofDay, isClock: true };
  const parts = (dateAndClock.exec(text) ?? clockAndDate.exec(text))?.groups;
  const time = parts === undefined ? undefined : clockSeconds(parts.clock);
  if (parts === undefined || time === undefined) return undefined;
  return { ...time, seconds: time.seconds + dayOf(parts) * secondsOfDay, isClock: false };
}

function clockSeconds(text: string): { seconds: number; decimals: number } | undefined {
  const parts = clock.exec(text);
  if (parts === null) return undefined;
  const [, hours = '0', minutes, seconds] = parts;
  const all = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
  return { seconds: all, decimals: decimalsOf(seconds) };
}

/**
 * Number of days since some fixed day. The year is first or last; of the other two, the first is the day unless it can
 * only be the month.
 */
function dayOf({ first, month, last }: Record<string, string>): number {
  const yearFirst = first.length > 2;
  const [year, other, one] = yearFirst ? [first, month, last] : [last, month, first];
  const [day, ofYear] = !yearFirst && Number(other) > 12 ? [other, one] : [one, other];
  return Date.UTC(Number(year), Number(ofYear) - 1, Number(day)) / 1000 / secondsOfDay;
}

/** A sample rate from a column of times, or the reason why there is none. */
export type RateOfTimes = { readonly rate: number } | { readonly found: string };

/** Times that give a lower rate are assumed to be in another unit, if nothing gives the unit. */
const leastPlausibleRate = 20;
/** Largest share by which a rate may be off because its times are rounded. */
const largestError = 0.005;

/**
 * The sample rate of times that rise in equal steps. Times are rounded; if the rate could be a whole number within that
 * precision, it is.
 *
 * @param cells one per sample
 * @param unit of plain numbers; empty if unknown: then seconds, unless they are as large as a date in milliseconds or a
 *   smaller unit
 */
export function rateOfTimes(cells: readonly string[], unit: string, mark: DecimalMark): RateOfTimes {
  const perUnit = secondsOf(unit) ?? secondsOfEpoch(numberOf(cells[0], mark));
  const times = new Float64Array(cells.length);
  let [decimals, days, isPlain] = [-Infinity, 0, true];
  for (const [row, cell] of cells.entries()) {
    const time = parseTime(cell, perUnit, mark);
    if (time === undefined) return { found: `${JSON.stringify(cell.slice(0, 40))} as a time` };
    decimals = Math.max(decimals, time.decimals);
    isPlain &&= numberOf(cell, mark) !== undefined;
    times[row] = time.seconds + days * secondsOfDay;
    if (row > 0 && time.isClock && times[row] < times[row - 1] - secondsOfDay / 2) {
      days += 1;
      times[row] += secondsOfDay;
    }
  }
  const last = times.length - 1;
  const length = times[last] - times[0];
  const step = length / last;
  if (!(step > 0)) return { found: 'times that do not rise' };
  const rounding = 10 ** -decimals;
  let worst = 0;
  for (let row = 1; row < last; row += 1) worst = Math.max(worst, Math.abs(times[row] - times[0] - row * step));
  if (worst > Math.max(step / 2, rounding)) return { found: 'times that do not rise in equal steps' };
  // Doubles of dates have about seven digits left after the decimal point.
  const noise = 4 * Number.EPSILON * Math.abs(times[last]);
  const isExact = worst <= 1e-6 * step + noise;
  const error = (isExact ? 1e-6 * step + 2 * noise : 2 * rounding) / length;
  if (error > largestError)
    return { found: `times in steps of ${rounding} s, too coarse to determine the sample rate` };
  const rate = 1 / step;
  if (rate < leastPlausibleRate && unit === '' && isPlain) {
    return {
      found: `times that rise by ${step} per sample, in an unknown unit; in seconds they would give ${rate} Hz`,
    };
  }
  const whole = Math.round(rate);
  return { rate: whole > 0 && Math.abs(rate - whole) <= error * rate ? whole : rate };
}

/** Numbers as large as dates count from 1970, in milliseconds, microseconds or nanoseconds. */
function secondsOfEpoch(first: number | undefined): number {
  const size = Math.abs(first ?? 0);
  if (size >= 1e17) return 1e-9;
  if (size >= 1e14) return 1e-6;
  return size >= 1e11 ? 1e-3 : 1;
}
