import type { Random } from '@hearken/metrics';
import { numbered, type MiniClip, type MiniTask } from './mini-task.js';
import { addTone, degrade, soundRate } from './synthesis.js';

const lowestNote = 48;
const notes = Array.from({ length: 24 }, (_, index) => lowestNote + index);
const splitOf = ['train', 'train', 'train', 'train', 'train', 'valid', 'valid', 'test', 'test', 'test'];

/** Amplitudes of a timbre's harmonics, and its decay in 1/s. */
const timbres = [
  { harmonics: [1, 0.1, 0.3, 0.05, 0.1], decay: 0 },
  { harmonics: [1, 0.5, 0.33, 0.25, 0.2, 0.17, 0.14], decay: 0 },
  { harmonics: [0.6, 1, 0.4, 0.5, 0.2, 0.1], decay: 4 },
];

/** Which of 24 notes is played: three timbres, up to 30 cents out of tune, with vibrato and noise. */
export const pitch: MiniTask = {
  metadata: {
    task_name: 'mini_pitch',
    version: 'v1',
    embedding_type: 'scene',
    prediction_type: 'multiclass',
    split_mode: 'trainvaltest',
    sample_duration: 1,
    evaluation: ['pitch_acc', 'chroma_acc'],
    splits: ['train', 'valid', 'test'],
  },
  labels: notes.map(String),
  sampleRate: soundRate,
  *clips(random) {
    for (const note of notes) {
      for (const [index, split] of splitOf.entries()) {
        const name = numbered(`note_${note}`, index);
        yield { split, name, content: [String(note)], signal: play(note, random) } satisfies MiniClip;
      }
    }
  },
};

function play(note: number, random: Random): Float32Array {
  const signal = new Float32Array(soundRate);
  const timbre = random.choice(timbres);
  const tuned = 440 * 2 ** ((note + random.uniform(-0.3, 0.3) - 69) / 12);
  const vibrato = random.uniform(0, 0.008);
  const speed = 2 * Math.PI * random.uniform(4, 7);
  const start = random.uniform(0, 0.15);
  const seconds = random.uniform(0.5, 0.85);
  addTone(signal, {
    start,
    seconds,
    frequency: (time) => tuned * (1 + vibrato * Math.sin(speed * time)),
    harmonics: timbre.harmonics.map((amplitude) => amplitude * random.uniform(0.4, 1.6)),
    envelope: (time) => Math.min(1, time / 0.01, (seconds - time) / 0.05) * Math.exp(-timbre.decay * time),
  });
  return degrade(signal, random, random.uniform(-6, 14));
}
