/** End of the flat passband and start of the stopband, over the lower of both Nyquist frequencies. */
export const passbandEnd = 0.913;
export const stopbandStart = 1;
/** Stopband attenuation in dB; 16-bit audio has 96. */
export const attenuation = 100;
/** Coefficients of one filter: rates with hardly a common divisor would take any amount of memory. */
const maximumCoefficients = 2 ** 24;
const maximumRatio = 256;

/**
 * A rational resampler: output `m` lies at input position `m * down / up`.
 * Its integer part says where the taps start, its fraction which of `up` phases weighs them:
 * `y[m] = sum over k of x[floor(m * down / up) - lead + k] * coefficients[(m * down) mod up, k]`.
 */
export interface PolyphaseFilter {
  /** Phases: outputs to `down` inputs, in lowest terms. */
  readonly up: number;
  /** Inputs to `up` outputs, in lowest terms. */
  readonly down: number;
  /** Inputs that an output is the weighted sum of. */
  readonly taps: number;
  /** Taps before an output's position, so that the filter has no delay. */
  readonly lead: number;
  /** Row-major `[up, taps]`; each phase sums to 1. */
  readonly coefficients: Float64Array;
}

/** What resampled a model's input: it moves embeddings more than anything else that the harness does. */
export interface ResamplerDescription {
  /** Its kind. */
  readonly name: string;
  /** Raised with every change of its numbers. */
  readonly version: number;
  /** Hz of the stored clips. */
  readonly from: number;
  /** Hz of the model. */
  readonly to: number;
  /** End of the flat passband, over the lower Nyquist frequency. */
  readonly passbandEnd: number;
  /** Of the stopband, in dB. */
  readonly attenuation: number;
}

/** The resampler between two rates, as results name it; undefined where nothing is resampled. */
export function describeResampler(from: number, to: number): ResamplerDescription | undefined {
  return from === to ? undefined : { name: 'kaiser-sinc', version: 1, from, to, passbandEnd, attenuation };
}

/** A stretch of a signal. What lies outside of it is taken for zeros. */
export interface SignalPart {
  /** The part itself, `[samples]`. */
  readonly samples: Float32Array;
  /** Where in the signal its first sample is. */
  readonly start: number;
}

/** Runs one filter over signals, a block of outputs at a time. */
export interface FilterRun {
  /** Outputs of a block. All blocks but the last are whole, so that a signal in pieces gives what it gives as a whole. */
  readonly blockOutputs: number;
  /** Inputs that an output looks at, at most, before its position and behind it. */
  readonly reach: number;
  /**
   * Computes outputs `first`, `first + 1` and so on.
   *
   * @param part has all inputs that they look at, as far as the signal has them
   * @param first a multiple of `blockOutputs`
   * @param output a block at most; is written
   */
  run(part: SignalPart, first: number, output: Float32Array): void | Promise<void>;
}

/** What computes a {@link PolyphaseFilter}; prepared once a pair of rates. */
export type ResampleEngine = (filter: PolyphaseFilter) => FilterRun | Promise<FilterRun>;

/**
 * Designs a linear-phase low-pass as a Kaiser-windowed sinc (Kaiser 1974; Oppenheim and Schafer, Discrete-Time Signal
 * Processing, section 7.6.2 in the third edition), split in phases (Crochiere and Rabiner 1981): flat to 0.913 of the
 * lower Nyquist frequency, 100 dB down from that frequency on.
 *
 * @param from input rate, a whole number of Hz
 * @param to output rate, a whole number of Hz
 * @returns undefined for rates that are not positive whole numbers, over 256 times apart, or too odd a ratio: what has no
 *   table of phases of a bearable size
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
