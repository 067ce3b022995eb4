import type { Random } from '@hearken/metrics';

/** Sample rate of all mini sound tasks. */
export const soundRate = 16_000;

/** A sound that changes over time; `seconds` counts from its start. */
export interface Tone {
  readonly start: number;
  readonly seconds: number;
  /** Fundamental frequency in Hz at a time. */
  readonly frequency: (seconds: number) => number;
  /** Amplitudes of the harmonics, the fundamental first. */
  readonly harmonics: readonly number[];
  /** Loudness at a time; default: constant, with 5 ms edges. */
  readonly envelope?: (seconds: number) => number;
}

/** Adds a harmonic tone to `signal`, without harmonics above the Nyquist frequency. */
export function addTone(signal: Float32Array, tone: Tone): void {
  const first = Math.round(tone.start * soundRate);
  const count = Math.min(Math.round(tone.seconds * soundRate), signal.length - first);
  const envelope = tone.envelope ?? ((seconds) => edges(seconds, tone.seconds));
  let phase = 0;
  for (let index = 0; index < count; index += 1) {
    const seconds = index / soundRate;
    const frequency = tone.frequency(seconds);
    phase += (2 * Math.PI * frequency) / soundRate;
    const audible = Math.min(tone.harmonics.length, Math.floor(soundRate / 2 / frequency));
    let value = 0;
    for (let harmonic = 0; harmonic < audible; harmonic += 1) {
      value += tone.harmonics[harmonic] * Math.sin(phase * (harmonic + 1));
    }
    signal[first + index] += value * envelope(seconds);
  }
}

/** 1 inside a sound, rising and falling within 5 ms at its edges. */
export function edges(seconds: number, length: number): number {
  return Math.max(0, Math.min(1, seconds / 0.005, (length - seconds) / 0.005));
}

/** Adds a noise burst that decays by e every `decay` seconds. */
export function addBurst(signal: Float32Array, random: Random, start: number, decay: number, level: number): void {
  const first = Math.round(start * soundRate);
  const count = Math.min(Math.round(6 * decay * soundRate), signal.length - first);
  for (let index = 0; index < count; index += 1) {
    signal[first + index] += level * random.uniform(-1, 1) * Math.exp(-index / (decay * soundRate));
  }
}

/**
 * Noise with a one-pole low-pass at `cutoff` Hz; its power is about 1 for any cutoff.
 *
 * @returns `[samples]`
 */
export function lowNoise(random: Random, samples: number, cutoff: number): Float32Array {
  const keep = Math.exp((-2 * Math.PI * cutoff) / soundRate);
  // A uniform value in [-1, 1] has power 1/3; with input gain 1 - keep, the pole passes (1 - keep) / (1 + keep) of it.
  const gain = (1 - keep) * Math.sqrt((3 * (1 + keep)) / (1 - keep));
  const noise = new Float32Array(samples);
  let value = 0;
  for (let index = 0; index < samples; index += 1) {
    value = keep * value + gain * random.uniform(-1, 1);
    noise[index] = value;
  }
  return noise;
}

/** Adds noise so that the signal is `decibels` louder than it, and scales the sum to a peak of 0.1 to 0.9. */
export function degrade(signal: Float32Array, random: Random, decibels: number): Float32Array {
  const power = signal.reduce((sum, value) => sum + value * value, 0) / signal.length;
  const noise = lowNoise(random, signal.length, random.uniform(500, 7000));
  const level = Math.sqrt(power) * 10 ** (-decibels / 20);
  const mixed = signal.map((value, index) => value + level * noise[index]);
  const peak = mixed.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const scale = random.uniform(0.1, 0.9) / peak;
  return mixed.map((value) => value * scale);
}
