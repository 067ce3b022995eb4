/**
 * The taps of a band-pass filter by the window method: the difference of two ideal low-pass filters under a Hamming
 * window, scaled to gain 1 in the middle of the band (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.5).
 *
 * @param taps odd, so that the filter delays by a whole number of samples
 * @param band edges in Hz, between 0 and half the sample rate
 */
export function firBandPass(taps: number, band: readonly [number, number], sampleRate: number): Float64Array {
  const [low, high] = band.map((frequency) => frequency / (sampleRate / 2));
  const middle = (taps - 1) / 2;
  const filter = new Float64Array(taps);
  let gain = 0;
  for (let index = 0; index < taps; index += 1) {
    const offset = index - middle;
    const ideal = high * sinc(high * offset) - low * sinc(low * offset);
    const hamming = 0.54 - 0.46 * Math.cos((2 * Math.PI * index) / (taps - 1));
    filter[index] = ideal * hamming;
    gain += filter[index] * Math.cos((Math.PI * offset * (low + high)) / 2);
  }
  return filter.map((tap) => tap / gain);
}

/** sin(pi x) / (pi x). */
function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
