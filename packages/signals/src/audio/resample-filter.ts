/** End of the flat passband and start of the stopband, over the lower of both Nyquist frequencies. */
export const passbandEnd = 0.913;
export const stopbandStart = 1;
/** Stopband attenuation in dB; 16-bit audio has 96. */
export const attenuation = 100;
/** The most coefficients of one filter: rates without a large common divisor could take any amount of memory. */
const maximumCoefficients = 2 ** 24;
const maximumRatio = 256;

/**
 * A rational resampler: output `m` is at input position `m * down / up`. The integer part gives the first tap, the
 * fraction gives which of the `up` phases to use: `y[m] = sum over k of x[floor(m * down / up) - lead + k] *
 * coefficients[(m * down) mod up, k]`.
 */
export interface PolyphaseFilter {
  /** Phases: outputs to `down` inputs, in lowest terms. */
  readonly up: number;
  /** Inputs to `up` outputs, in lowest terms. */
  readonly down: number;
  /** Number of inputs in the weighted sum of an output. */
  readonly taps: number;
  /** Taps before an output's position, so that the filter has no delay. */
  readonly lead: number;
  /** Row-major `[up, taps]`; each phase sums to 1. */
  readonly coefficients: Float64Array;
}

/** The resampler of a model's input, which affects embeddings more than anything else that the harness does. */
export interface ResamplerDescription {
  /** Its kind. */
  readonly name: string;
  /** Incremented whenever its results change. */
  readonly version: number;
  /** Sample rate of the stored clips in Hz. */
  readonly from: number;
  /** Sample rate of the model in Hz. */
  readonly to: number;
  /** End of the flat passband, over the lower Nyquist frequency. */
  readonly passbandEnd: number;
  /** Of the stopband, in dB. */
  readonly attenuation: number;
}

/** The resampler between two rates, as recorded in results; undefined if nothing is resampled. */
export function describeResampler(from: number, to: number): ResamplerDescription | undefined {
  return from === to ? undefined : { name: 'kaiser-sinc', version: 1, from, to, passbandEnd, attenuation };
}

/** Part of a signal. Samples outside it count as zeros. */
export interface SignalPart {
  /** The part itself, `[samples]`. */
  readonly samples: Float32Array;
  /** Position of its first sample in the signal. */
  readonly start: number;
}

/** Runs one filter over signals, a block of outputs at a time. */
export interface FilterRun {
  /**
   * Outputs per block. All blocks but the last are complete, so that a signal in pieces gives the same result as a
   * whole one.
   */
  readonly blockOutputs: number;
  /** The most inputs that an output uses before and after its position. */
  readonly reach: number;
  /**
   * Computes outputs `first`, `first + 1` and so on.
   *
   * @param part has all inputs that they use, as far as the signal has them
   * @param first a multiple of `blockOutputs`
   * @param output at most one block; overwritten
   */
  run(part: SignalPart, first: number, output: Float32Array): void | Promise<void>;
}

/** Computes a {@link PolyphaseFilter}; prepared once per pair of rates. */
export type ResampleEngine = (filter: PolyphaseFilter) => FilterRun | Promise<FilterRun>;

/**
 * Designs a linear-phase low-pass as a Kaiser-windowed sinc (Kaiser 1974; Oppenheim and Schafer, Discrete-Time Signal
 * Processing, section 7.6.2 in the third edition), split in phases (Crochiere and Rabiner 1981): flat to 0.913 of the
 * lower Nyquist frequency, 100 dB down from that frequency on.
 *
 * @param from input rate, a whole number of Hz
 * @param to output rate, a whole number of Hz
 * @returns undefined for rates that are not positive whole numbers, differ by a factor over 256, or whose ratio would
 *   need too large a table of phases
 */
export function designPolyphaseFilter(from: number, to: number): PolyphaseFilter | undefined {
  if (![from, to].every((rate) => Number.isSafeInteger(rate) && rate >= 1)) return undefined;
  const divisor = greatestCommonDivisor(from, to);
  const up = to / divisor;
  const down = from / divisor;
  // Below 1 when the output has the lower Nyquist frequency, which then bounds the band.
  const band = Math.min(1, up / down);
  const cutoff = (band * (passbandEnd + stopbandStart)) / 2;
  const transition = Math.PI * band * (stopbandStart - passbandEnd);
  const half = Math.ceil((attenuation - 8) / (2.285 * transition) / 2);
  const taps = 2 * half;
  if (Math.max(up / down, down / up) > maximumRatio || up * taps > maximumCoefficients) return undefined;
  const coefficients = new Float64Array(up * taps);
  const beta = 0.1102 * (attenuation - 8.7);
  for (let phase = 0; phase < up; phase += 1) {
    const row = coefficients.subarray(phase * taps, (phase + 1) * taps);
    for (let tap = 0; tap < taps; tap += 1) {
      const time = tap - (half - 1) - phase / up;
      row[tap] = cutoff * sinc(cutoff * time) * kaiser(time / half, beta);
    }
    // Exact gain at 0 Hz; otherwise the phases' tiny differences would turn a constant into a tone.
    const gain = row.reduce((sum, value) => sum + value, 0);
    for (let tap = 0; tap < taps; tap += 1) row[tap] /= gain;
  }
  return { up, down, taps, lead: half - 1, coefficients };
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

export function sinc(time: number): number {
  return time === 0 ? 1 : Math.sin(Math.PI * time) / (Math.PI * time);
}

/** The Kaiser window over [-1, 1]. */
export function kaiser(position: number, beta: number): number {
  const inside = 1 - position * position;
  return inside < 0 ? 0 : besselI0(beta * Math.sqrt(inside)) / besselI0(beta);
}

/** The modified Bessel function of the first kind, order 0, by its power series (Abramowitz and Stegun 9.6.12). */
function besselI0(value: number): number {
  const quarter = (value * value) / 4;
  let term = 1;
  let sum = 1;
  for (let order = 1; term > sum * 1e-17; order += 1) {
    term *= quarter / (order * order);
    sum += term;
  }
  return sum;
}

/** Number of samples after resampling: `round(samples * to / from)`, but never 0 unless the input is empty. */
export function resampledLength(samples: number, from: number, to: number): number {
  return samples === 0 ? 0 : Math.max(1, Math.round((samples * to) / from));
}
