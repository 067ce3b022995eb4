import type { Random } from '@hearken/metrics';
import type { SoundEvent } from '../task.js';
import { numbered, type MiniClip, type MiniTask } from './mini-task.js';
import { addBurst, addTone, lowNoise, soundRate } from './synthesis.js';

const clipSeconds = 4;
const splitSizes = { train: 28, valid: 10, test: 12 };

/** Adds a sound at `start` (s) and returns its length in seconds. */
type EventSound = (signal: Float32Array, random: Random, start: number, level: number) => number;

const eventSounds: Readonly<Record<string, EventSound>> = {
  beep(signal, random, start, level) {
    const seconds = random.uniform(0.15, 0.5);
    const frequency = random.uniform(700, 1300);
    addTone(signal, { start, seconds, frequency: () => frequency, harmonics: [level] });
    return seconds;
  },
  buzz(signal, random, start, level) {
    const seconds = random.uniform(0.2, 0.6);
    const frequency = random.uniform(90, 180);
    const harmonics = Array.from({ length: 10 }, (_, index) => (0.6 * level) / (1 + index));
    addTone(signal, { start, seconds, frequency: () => frequency, harmonics });
    return seconds;
  },
  chirp(signal, random, start, level) {
    const seconds = random.uniform(0.15, 0.4);
    const low = random.uniform(500, 1500);
    const rise = random.uniform(1500, 3000) / seconds;
    addTone(signal, { start, seconds, frequency: (time) => low + rise * time, harmonics: [level] });
    return seconds;
  },
  clap(signal, random, start, level) {
    const decay = random.uniform(0.02, 0.05);
    addBurst(signal, random, start, decay, 4 * level);
    return 4 * decay;
  },
};

/** Which sound occurs when: beeps, buzzes, chirps and claps in noise, sometimes at the same time. */
export const events: MiniTask = {
  metadata: {
    task_name: 'mini_events',
    version: 'v1',
    embedding_type: 'event',
    prediction_type: 'multilabel',
    split_mode: 'trainvaltest',
    sample_duration: clipSeconds,
    evaluation: ['event_onset_200ms_fms', 'segment_1s_er'],
    splits: Object.keys(splitSizes),
  },
  labels: Object.keys(eventSounds),
  sampleRate: soundRate,
  *clips(random) {
    for (const [split, size] of Object.entries(splitSizes)) {
      for (let index = 0; index < size; index += 1) {
        const { signal, content } = compose(random);
        yield { split, name: numbered(`mix_${split}`, index), content, signal } satisfies MiniClip;
      }
    }
  },
};

function compose(random: Random): { signal: Float32Array; content: SoundEvent[] } {
  const noise = random.uniform(0.02, 0.09);
  const signal = lowNoise(random, clipSeconds * soundRate, random.uniform(500, 4000)).map((value) => value * noise);
  const content: SoundEvent[] = [];
  for (const [label, add] of Object.entries(eventSounds)) {
    // Each kind has its own timeline, so that only different kinds overlap.
    let time = random.uniform(0.1, 2.5);
    while (time < clipSeconds - 0.7) {
      const seconds = add(signal, random, time, random.uniform(0.05, 0.15));
      content.push({ label, start: milliseconds(time), end: milliseconds(time + seconds) });
      time += seconds + random.uniform(0.4, 2.5);
    }
  }
  return { signal, content: content.sort((left, right) => left.start - right.start) };
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1000;
}
