import { chebyshevLowPass, type Section } from './chebyshev.js';

const order = 8;
/** Ripple of the pass band in dB. */
const ripple = 0.05;
/** The filter's pass band ends at this share of the new Nyquist frequency. */
const passBand = 0.8;
/** Number of samples added at both ends while filtering. */
const padding = 3 * (order + 1);

/**
 * Keeps every `factor`-th sample after a zero-phase low-pass filter: a Chebyshev filter of order 8 and 0.05 dB ripple,
 * run forwards and backwards over the signal, which is extended by point reflection at both ends. The same as SciPy's
 * `decimate` with default arguments.
 *
 * @param signal more than 27 samples
 */
export function decimator(factor: number): (signal: Float64Array) => Float64Array {
  const sections = chebyshevLowPass(order, ripple, passBand / factor);
  return (signal) => {
    const extended = extend(signal);
    for (const section of sections) runSection(section, extended);
    extended.reverse();
    for (const section of sections) runSection(section, extended);
    extended.reverse();
    const kept = new Float64Array(Math.ceil(signal.length / factor));
    for (let index = 0; index < kept.length; index += 1) kept[index] = extended[padding + index * factor];
    return kept;
  };
}

function extend(signal: Float64Array): Float64Array {
  const extended = new Float64Array(signal.length + 2 * padding);
  extended.set(signal, padding);
  const last = signal.length - 1;
  for (let index = 1; index <= padding; index += 1) {
    extended[padding - index] = 2 * signal[0] - signal[index];
    extended[padding + last + index] = 2 * signal[last] - signal[last - index];
  }
  return extended;
}

/** Filters in place, starting from the steady state for a constant signal of `signal[0]` (direct form II). */
function runSection({ gain, a1, a2 }: Section, signal: Float64Array): void {
  const settled = signal[0];
  const output = (4 * gain * settled) / (1 + a1 + a2);
  let first = output - gain * settled;
  let second = gain * settled - a2 * output;
  for (let index = 0; index < signal.length; index += 1) {
    const scaled = gain * signal[index];
    const filtered = scaled + first;
    first = 2 * scaled - a1 * filtered + second;
    second = scaled - a2 * filtered;
    signal[index] = filtered;
  }
}
