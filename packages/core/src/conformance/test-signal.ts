import type { TestSignal } from './check.js';

/** A linear congruential generator with the constants of Numerical Recipes; numbers in [-1, 1). */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/**
 * Three tones and noise in every channel, within [-0.9, 0.9]. The seed sets the tones and the loudness (quiet, loud or
 * in between), so that scaling by the whole batch shows up.
 */
export const defaultTestSignal: TestSignal = (samples, seed, { channels, sampleRate }) => {
  const next = noise(seed * 7919 + 17);
  const loudness = [0.9, 0.02, 0.3][seed % 3];
  const values = new Float32Array(channels * samples);
  for (let channel = 0; channel < channels; channel += 1) {
    const tones = [0.01, 0.05, 0.2].map((share) => share * sampleRate * (1.2 + 0.5 * next()));
    for (let index = 0; index < samples; index += 1) {
      let value = 0.1 * next();
      for (const tone of tones) value += 0.3 * Math.sin((2 * Math.PI * tone * index) / sampleRate);
      values[channel * samples + index] = loudness * value;
    }
  }
  return values;
};
