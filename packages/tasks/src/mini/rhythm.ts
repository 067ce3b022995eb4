import type { Random } from '@hearken/metrics';
import { addWave, leadDirections, waves } from './ecg-waves.js';
import { numbered, type MiniClip, type MiniTask } from './mini-task.js';

const sampleRate = 500;
const clipSeconds = 5;
const splitSizes = { train: 18, valid: 8, test: 10 };

interface Rhythm {
  /** Range of the mean heart rate in beats per minute. */
  readonly rate: readonly [number, number];
  /** Standard deviation of the time between beats, divided by its mean. */
  readonly variability: number;
  /** Atrial fibrillation has a fine, irregular ripple instead of a P wave. */
  readonly fibrillation: boolean;
}

const rhythms: Readonly<Record<string, Rhythm>> = {
  bradycardia: { rate: [36, 58], variability: 0.04, fibrillation: false },
  irregular: { rate: [60, 120], variability: 0.24, fibrillation: true },
  normal: { rate: [60, 98], variability: 0.04, fibrillation: false },
  tachycardia: { rate: [102, 160], variability: 0.02, fibrillation: false },
};

/** Which rhythm a synthetic 12-lead ECG shows. */
export const rhythm: MiniTask = {
  metadata: {
    task_name: 'mini_rhythm',
    version: 'v1',
    embedding_type: 'scene',
    prediction_type: 'multiclass',
    split_mode: 'trainvaltest',
    sample_duration: clipSeconds,
    evaluation: ['top1_acc', 'mAP', 'aucroc'],
    splits: Object.keys(splitSizes),
    modality: 'ecg',
    leads: [...leadDirections.keys()],
  },
  labels: Object.keys(rhythms),
  sampleRate,
  *clips(random) {
    for (const [split, size] of Object.entries(splitSizes)) {
      for (const [label, kind] of Object.entries(rhythms)) {
        for (let index = 0; index < size; index += 1) {
          const name = numbered(`${split}_${label}`, index);
          yield { split, name, content: [label], signal: record(kind, random) } satisfies MiniClip;
        }
      }
    }
  },
};

/** `[12, samples]` in mV. */
function record(kind: Rhythm, random: Random): Float32Array {
  const samples = clipSeconds * sampleRate;
  const dipole = new Float32Array(3 * samples);
  const mean = 60 / random.uniform(...kind.rate);
  const gain = random.uniform(0.6, 1.4);
  // Beats start before the clip, so that the edge may cut the first one.
  for (let beat = -random.uniform(0, mean); beat < clipSeconds + 0.5;) {
    const gap = mean * Math.max(0.4, 1 + kind.variability * random.normal());
    for (const [name, wave] of Object.entries(waves)) {
      if (name === 'p' && kind.fibrillation) continue;
      // The T wave comes earlier at higher heart rates, roughly with the square root of the interval (Bazett 1920).
      const offset = name === 't' ? wave.offset * Math.sqrt(gap) : wave.offset;
      addWave(dipole, sampleRate, wave, beat + offset, gain);
    }
    beat += gap;
  }
  if (kind.fibrillation) addRipple(dipole, random);
  return project(dipole, random);
}

function addRipple(dipole: Float32Array, random: Random): void {
  const samples = dipole.length / 3;
  let phase = random.uniform(0, 2 * Math.PI);
  for (let index = 0; index < samples; index += 1) {
    phase += (2 * Math.PI * random.uniform(3, 10)) / sampleRate;
    const ripple = 0.05 * Math.sin(phase);
    for (let axis = 0; axis < 3; axis += 1) dipole[axis * samples + index] += ripple;
  }
}

/**
 * Each lead measures the dipole along its direction; the heart is slightly turned, the baseline wanders, and there is
 * noise.
 */
function project(dipole: Float32Array, random: Random): Float32Array {
  const samples = dipole.length / 3;
  const turn = random.uniform(-0.5, 0.5);
  const noise = random.uniform(0.01, 0.08);
  const signal = new Float32Array(leadDirections.size * samples);
  for (const [lead, [left, down, front]] of [...leadDirections.values()].entries()) {
    const x = left * Math.cos(turn) + down * Math.sin(turn);
    const y = down * Math.cos(turn) - left * Math.sin(turn);
    const wander = random.uniform(0, 0.15);
    const speed = (2 * Math.PI * random.uniform(0.1, 0.4)) / sampleRate;
    const offset = random.uniform(0, 2 * Math.PI);
    for (let index = 0; index < samples; index += 1) {
      signal[lead * samples + index] =
        x * dipole[index] +
        y * dipole[samples + index] +
        front * dipole[2 * samples + index] +
        wander * Math.sin(speed * index + offset) +
        noise * random.normal();
    }
  }
  return signal;
}
