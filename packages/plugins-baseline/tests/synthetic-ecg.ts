import { noise } from './reference.js';

export interface SyntheticEcg {
  readonly beatsPerMinute: number;
  readonly seed: number;
  /** Deviation of the time between beats, as a share of it; 0 for a steady rhythm. */
  readonly irregularity?: number;
  /** Height of the R wave in mV. */
  readonly amplitude?: number;
}

/** Ten seconds of twelve leads at 500 Hz in mV: QRS-like and T-like bumps, baseline wander and noise. */
export function syntheticEcg({ beatsPerMinute, seed, irregularity = 0, amplitude = 1 }: SyntheticEcg): Float32Array {
  const samples = 5000;
  const random = noise(1000, seed);
  const beats: number[] = [];
  let time = 0.5 * (1 + random[0]);
  for (let beat = 1; time < 10; beat += 1) {
    beats.push(time);
    // A uniform deviate of [-1, 1) deviates by 1 / sqrt(3).
    time += (60 / beatsPerMinute) * Math.max(0.4, 1 + Math.sqrt(3) * irregularity * random[beat]);
  }
  const bump = (distance: number, width: number) => Math.exp(-0.5 * (distance / width) ** 2);
  const lead = Float32Array.from({ length: samples }, (_, index) => {
    const now = index / 500;
    const wander = 0.1 * Math.sin(2 * Math.PI * 0.25 * now + seed);
    return beats.reduce(
      (sum, beat) => sum + amplitude * (bump(now - beat, 0.012) + 0.25 * bump(now - beat - 0.28, 0.05)),
      wander,
    );
  });
  const hiss = noise(12 * samples, seed + 1);
  return hiss.map((value, index) => {
    const scale = 0.3 + 0.1 * Math.floor(index / samples);
    return scale * lead[index % samples] + 0.02 * value;
  });
}
