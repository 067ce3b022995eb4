/** `1 + a1 z^-1 + a2 z^-2` below `gain (1 + z^-1)^2`: one second-order section of a low-pass filter. */
export interface Section {
  readonly gain: number;
  readonly a1: number;
  readonly a2: number;
}

/**
 * A low-pass Chebyshev filter of type I, by the bilinear transform (Oppenheim and Schafer, Discrete-Time Signal
 * Processing, appendix B.2 and section 7.2).
 *
 * @param order even
 * @param ripple of the pass band in dB
 * @param cutoff edge of the pass band, as a share of half the sample rate
 */
export function chebyshevLowPass(order: number, ripple: number, cutoff: number): Section[] {
  const epsilon = Math.sqrt(10 ** (ripple / 10) - 1);
  const mu = Math.asinh(1 / epsilon) / order;
  const edge = Math.tan((Math.PI * cutoff) / 2);
  const sections = Array.from({ length: order / 2 }, (_, index): Section => {
    const angle = (Math.PI * (2 * index + 1)) / (2 * order);
    // A pole of the analogue filter and its conjugate: s^2 - 2 real s + square, with s = (1 - z^-1) / (1 + z^-1).
    const real = -edge * Math.sinh(mu) * Math.sin(angle);
    const square = real ** 2 + (edge * Math.cosh(mu) * Math.cos(angle)) ** 2;
    const leading = 1 - 2 * real + square;
    return { gain: square / leading, a1: (2 * (square - 1)) / leading, a2: (1 + 2 * real + square) / leading };
  });
  // Each section has gain 1 at frequency 0, where a filter of even order is at the bottom of its ripple.
  const bottom = 1 / Math.sqrt(1 + epsilon ** 2);
  return sections.map((section, index) => (index === 0 ? { ...section, gain: section.gain * bottom } : section));
}
