import type { EmbeddedSplit } from '../../src/embeddings/embedded-split.js';
import type { EvaluationInput } from '../../src/evaluation/evaluation.js';
import { Random, type SoundEvent } from '@hearken/metrics';
import type { TaskMetadata } from '@hearken/tasks';

const metadata: TaskMetadata = {
  taskName: 'made_up',
  version: '1.0.0',
  embeddingType: 'scene',
  predictionType: 'multiclass',
  splitMode: 'trainvaltest',
  mode: 'small',
  sampleDuration: 1,
  evaluation: ['top1_acc'],
  modality: 'audio',
  leads: [],
  useScoringForEarlyStopping: true,
  evaluationParams: {},
};

export interface SceneOptions extends Partial<TaskMetadata> {
  /** Rows of each split. */
  readonly rows?: Readonly<Record<string, number>>;
  readonly labelCount?: number;
  readonly size?: number;
  /** Deviation of the rows around their label's centre; the centres are about 1.4 times the root of `size` apart. */
  readonly noise?: number;
  readonly seed?: number;
}

/** A scene task whose embeddings are clouds around one centre a label. */
export function sceneTask(options: SceneOptions = {}): EvaluationInput {
  const { rows, labelCount = 3, size = 6, noise = 0.4, seed = 1, ...rest } = options;
  const random = new Random(seed);
  const centres = Array.from({ length: labelCount }, () => Array.from({ length: size }, () => random.normal()));
  const splits = new Map<string, EmbeddedSplit>();
  const multilabel = rest.predictionType === 'multilabel';
  for (const [name, count] of Object.entries(rows ?? { train: 90, valid: 45, test: 45 })) {
    const embeddings = new Float32Array(count * size);
    const targets = new Uint8Array(count * labelCount);
    for (let row = 0; row < count; row += 1) {
      const held = multilabel
        ? centres.flatMap((_, label) => (random.uniform() < 0.4 ? [label] : []))
        : [row % labelCount];
      for (const label of held) targets[row * labelCount + label] = 1;
      for (let index = 0; index < size; index += 1) {
        const centre = held.reduce((sum, label) => sum + centres[label][index], 0);
        embeddings[row * size + index] = centre + noise * random.normal();
      }
    }
    splits.set(name, {
      embeddings,
      count,
      size,
      targets,
      clipNames: Array.from({ length: count }, (_, row) => `${name}-${row}.wav`),
      clipOf: Uint32Array.from({ length: count }, (_, row) => row),
    });
  }
  return {
    metadata: { ...metadata, ...rest },
    labels: Array.from({ length: labelCount }, (_, label) => `label${label}`),
    splits,
  };
}

export interface EventOptions extends Partial<TaskMetadata> {
  /** Clips of each split. */
  readonly clips?: Readonly<Record<string, number>>;
  readonly noise?: number;
}

const hop = 50;
const frames = 80;

/** An event task: clips of 4 s, a frame every 50 ms, two labels, each with its own direction in the embedding. */
export function eventTask(options: EventOptions = {}): EvaluationInput {
  const { clips, noise = 0.1, ...rest } = options;
  const random = new Random(5);
  const labels = ['bell', 'dog'];
  const size = 4;
  const splits = new Map<string, EmbeddedSplit>();
  for (const [name, count] of Object.entries(clips ?? { train: 8, valid: 4, test: 4 })) {
    const events: SoundEvent[][] = [];
    const embeddings = new Float32Array(count * frames * size);
    const targets = new Uint8Array(count * frames * labels.length);
    for (let clip = 0; clip < count; clip += 1) {
      events.push(
        labels.map((label, index) => {
          const start = 200 + 1800 * index + hop * random.integer(12);
          return { label, start, end: start + 500 + hop * random.integer(10) };
        }),
      );
      for (let frame = 0; frame < frames; frame += 1) {
        const row = clip * frames + frame;
        for (let index = 0; index < size; index += 1) embeddings[row * size + index] = noise * random.normal();
        events[clip].forEach(({ start, end }, label) => {
          if (start > frame * hop || frame * hop > end) return;
          targets[row * labels.length + label] = 1;
          embeddings[row * size + label] += 1;
        });
      }
    }
    splits.set(name, {
      embeddings,
      count: count * frames,
      size,
      targets,
      clipNames: events.map((_, clip) => `${name}-${clip}.wav`),
      clipOf: Uint32Array.from({ length: count * frames }, (_, row) => Math.floor(row / frames)),
      timestamps: Float64Array.from({ length: count * frames }, (_, row) => (row % frames) * hop),
      events,
    });
  }
  return {
    metadata: {
      ...metadata,
      embeddingType: 'event',
      predictionType: 'multilabel',
      evaluation: ['event_onset_200ms_fms', 'segment_1s_er'],
      ...rest,
    },
    labels,
    splits,
  };
}
