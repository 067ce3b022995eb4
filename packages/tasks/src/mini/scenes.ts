import { numbered, type MiniClip, type MiniTask } from './mini-task.js';
import { sceneSounds } from './scene-sounds.js';
import { degrade, soundRate } from './synthesis.js';

const folds = Array.from({ length: 5 }, (_, index) => `fold${String(index).padStart(2, '0')}`);
const clipsPerFold = 4;

/** Which of six kinds of sound is heard in noise, in five folds. */
export const scenes: MiniTask = {
  metadata: {
    task_name: 'mini_scenes',
    version: 'v1',
    embedding_type: 'scene',
    prediction_type: 'multiclass',
    split_mode: 'new_split_kfold',
    nfolds: folds.length,
    sample_duration: 1,
    evaluation: ['top1_acc', 'mAP'],
    splits: folds,
  },
  labels: Object.keys(sceneSounds),
  sampleRate: soundRate,
  *clips(random) {
    for (const split of folds) {
      for (const [label, make] of Object.entries(sceneSounds)) {
        for (let index = 0; index < clipsPerFold; index += 1) {
          const signal = degrade(make(random), random, random.uniform(-14, 6));
          const name = numbered(`${split}_${label}`, index);
          yield { split, name, content: [label], signal } satisfies MiniClip;
        }
      }
    }
  },
};
