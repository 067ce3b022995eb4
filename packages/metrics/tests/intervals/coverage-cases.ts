import { normalQuantile } from '../../src/normal-quantile.js';
import { Random } from '../../src/random.js';
import type { SceneAnswers } from '../../src/kinds/answers.js';

/** Test clips of a world in which the true score is known. */
export interface CoverageCase {
  readonly metric: 'top1_acc' | 'aucroc' | 'mAP';
  /** Test clips. */
  readonly clips: number;
  /** People, each with as many clips; absent for independent clips. */
  readonly people?: number;
  /** The score that the world is made for. */
  readonly level: number;
  /** Share of clips with a label. */
  readonly prevalence: number;
}

/** How alike the clips of a person are: the correlation of their scores. */
const likeness = 0.3;

function normal(random: Random): number {
  return normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, random.uniform())));
}

/** How many labels a case has. */
export function labelsOf({ metric }: CoverageCase): string[] {
  return metric === 'mAP' ? ['a', 'b', 'c'] : ['no', 'yes'];
}

/** Draws test clips. */
export function drawAnswers(one: CoverageCase, random: Random, clips = one.clips): SceneAnswers {
  const width = labelsOf(one).length;
  const people = one.people === undefined ? clips : Math.round((one.people * clips) / one.clips);
  const perPerson = clips / people;
  const predictions = new Float32Array(clips * width);
  const targets = new Uint8Array(clips * width);
  const between = one.people === undefined ? 0 : likeness;
  const columns = one.metric === 'mAP' ? [0, 1, 2] : [1];
  for (const label of columns) {
    const ofPeople = Array.from({ length: people }, () => Math.sqrt(between) * normal(random));
    for (let clip = 0; clip < clips; clip += 1) {
      const noise = ofPeople[Math.floor(clip / perPerson)] + Math.sqrt(1 - between) * normal(random);
      const isPositive = random.uniform() < one.prevalence;
      targets[clip * width + label] = Number(isPositive);
      if (one.metric === 'top1_acc') {
        const isRight = noise < normalQuantile(one.level);
        predictions[clip * width + label] = Number(isPositive === isRight);
      } else {
        predictions[clip * width + label] = noise + Number(isPositive) * Math.SQRT2 * normalQuantile(one.level);
      }
      if (one.metric === 'mAP') continue;
      targets[clip * width] = 1 - targets[clip * width + 1];
      predictions[clip * width] = one.metric === 'top1_acc' ? 0.5 : -predictions[clip * width + 1];
    }
  }
  return {
    kind: 'scene',
    test: 'test',
    clips: Array.from({ length: clips }, (_, clip) => String(clip)),
    targets,
    predictions,
    scoring: { predictionType: one.metric === 'mAP' ? 'multilabel' : 'multiclass' },
    ...(one.people === undefined
      ? {}
      : { groups: Array.from({ length: clips }, (_, clip) => Math.floor(clip / perPerson)) }),
  };
}
