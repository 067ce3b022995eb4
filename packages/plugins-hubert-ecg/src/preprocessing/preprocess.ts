import { decimator } from './decimate.js';
import { firBandPass } from './fir-band-pass.js';
import { fourierResampler } from './fourier-resample.js';
import { scaleByRange } from './scale.js';
import { type PairFilter, zeroPhaseFir } from './zero-phase-fir.js';

/** Leads of the model, in the order in which they are joined. */
export const modelLeads = 12;
/** Seconds of one window. */
export const windowSeconds = 5;
/** Sample rate of one lead in the network's input, in Hz. */
export const networkRate = 100;
/** Samples of one window: 12 leads of 5 s, joined end to end. */
export const windowSamples = modelLeads * windowSeconds * networkRate;
/** Sample rate before the decimation, in Hz: the highest rate that the authors found in their data. */
export const intermediateRate = 500;
/** The pass band of the band-pass filter, in Hz. */
export const band = [0.05, 47] as const;

/** Which steps to do; the authors do all of them. */
export interface Steps {
  /** Band-pass from 0.05 to 47 Hz, zero phase. */
  readonly filter: boolean;
  /** Fourier resampling to `intermediateRate`, or to `networkRate` if there is no decimation. */
  readonly resample: boolean;
  /** Each lead to [-1, 1] by its minimum and maximum. */
  readonly scale: boolean;
  /** The joined leads of a window from `intermediateRate` to `networkRate`. */
  readonly decimate: boolean;
}

/** A record after filtering, resampling and scaling: `[12, samples]`, row-major. */
export interface PreparedRecord {
  readonly data: Float64Array;
  readonly samples: number;
  readonly sampleRate: number;
}

export interface Preprocessor {
  /** Sample rate of prepared records, in Hz. */
  readonly preparedRate: number;
  /** @param record `[12, samples]` at the input's rate, in mV, row-major */
  prepare(record: Float32Array): PreparedRecord;
  /** Writes the network's input, `windowSamples` values, for the 5 s that begin at sample `start`. */
  writeWindow(record: PreparedRecord, start: number, target: Float32Array): void;
}

/**
 * HuBERT-ECG's preprocessing, as its authors published it (Coppola et al. 2024, medRxiv 2024.11.14.24317328, Methods;
 * github.com/Edoar-do/HuBERT-ECG): filter, resample and scale the whole record, then cut it into windows, join the
 * leads of each window end to end and decimate the result. In float64, because the decimation is recursive.
 *
 * @param inputRate sample rate of the records in Hz
 */
export function createPreprocessor(inputRate: number, steps: Steps): Preprocessor {
  const preparedRate = steps.decimate ? intermediateRate : networkRate;
  const filter: PairFilter = steps.filter ? zeroPhaseFir(firBandPass(filterTaps(inputRate), band, inputRate)) : same;
  const decimate = steps.decimate ? decimator(intermediateRate / networkRate) : same;
  let resampler = { from: 0, to: 0, run: same };
  const resamplerFor = (from: number): typeof resampler => {
    const to = steps.resample ? preparedLength(from, inputRate, preparedRate) : from;
    // Consecutive records often have the same length, so the tables of a transform are kept.
    if (resampler.from !== from) resampler = { from, to, run: fourierResampler(from, to) };
    return resampler;
  };
  return {
    preparedRate,
    prepare(record) {
      const { from, to: samples, run } = resamplerFor(record.length / modelLeads);
      const data = new Float64Array(modelLeads * samples);
      for (let lead = 0; lead < modelLeads; lead += 2) {
        const pair = interleave(record.subarray(lead * from, (lead + 2) * from));
        separate(run(filter(pair)), data.subarray(lead * samples, (lead + 2) * samples));
      }
      if (steps.scale) {
        for (let lead = 0; lead < modelLeads; lead += 1) {
          scaleByRange(data.subarray(lead * samples, (lead + 1) * samples));
        }
      }
      return { data, samples, sampleRate: preparedRate };
    },
    writeWindow({ data, samples }, start, target) {
      const length = windowSeconds * preparedRate;
      const joined = new Float64Array(modelLeads * length);
      for (let lead = 0; lead < modelLeads; lead += 1) {
        const first = lead * samples + start;
        joined.set(data.subarray(first, first + length), lead * length);
      }
      target.set(decimate(joined));
    },
  };
}

/** The smallest number of samples at `inputRate` that fill a window. */
export function leastSamples(inputRate: number): number {
  // 5 times a rate such as 499.31 is not a whole number, and rounding may change one that is.
  return Math.ceil(windowSeconds * inputRate - 1e-6);
}

/**
 * Samples of a record after resampling: `int(n * (rate / fs))` in float64, as in the authors' code. It is rounded down,
 * and some products for a whole number of seconds are just below a whole number of samples. Here a record of 5 s or
 * more still fills a window; theirs would be one sample short, which a network with a fixed input length does not
 * accept.
 *
 * @param samples of the record, at `inputRate` Hz
 */
export function preparedLength(samples: number, inputRate: number, preparedRate: number): number {
  const length = Math.trunc(samples * (preparedRate / inputRate));
  return samples >= leastSamples(inputRate) ? Math.max(length, windowSeconds * preparedRate) : length;
}

/** 0.3 s of taps, an odd number. */
export function filterTaps(sampleRate: number): number {
  const taps = Math.trunc(0.3 * sampleRate);
  return taps % 2 === 0 ? taps + 1 : taps;
}

function same(signal: Float64Array): Float64Array {
  return signal;
}

/** Packs two consecutive leads into one complex signal. */
function interleave(leads: Float32Array): Float64Array {
  const samples = leads.length / 2;
  const pair = new Float64Array(leads.length);
  for (let index = 0; index < samples; index += 1) {
    pair[2 * index] = leads[index];
    pair[2 * index + 1] = leads[samples + index];
  }
  return pair;
}

function separate(pair: Float64Array, target: Float64Array): void {
  const samples = target.length / 2;
  for (let index = 0; index < samples; index += 1) {
    target[index] = pair[2 * index];
    target[samples + index] = pair[2 * index + 1];
  }
}
