import type { CampaignEvaluation } from '@hearken/campaigns';
import { evaluateTask } from '../evaluation/evaluate-task.node.js';
import type { Extensions } from '../extensions/extensions.js';
import type { EmbeddedSplit } from '../embeddings/embedded-split.js';
import { Random } from '@hearken/metrics';
import { taskKind } from '@hearken/tasks/internal';
import type { TaskMetadata } from '@hearken/tasks';
import { settingsOf } from './run-campaign.node.js';

const metadata: TaskMetadata = {
  taskName: 'made_up',
  version: '1',
  embeddingType: 'scene',
  predictionType: 'multiclass',
  splitMode: 'trainvaltest',
  mode: 'full',
  sampleDuration: 1,
  evaluation: taskKind({ embeddingType: 'scene', predictionType: 'multiclass' }).defaultMetrics.multiclass ?? [],
  modality: 'audio',
  leads: [],
  useScoringForEarlyStopping: true,
  evaluationParams: {},
};

/** Rows of the training split that is made up. */
const rows = 120;
const labels = 6;

/**
 * Seconds that one training takes for each row of its training split, measured by one training on made-up embeddings. A
 * real training ends when its score on the validation split does, which may be several times sooner or later.
 *
 * @param size values of an embedding
 * @throws HearkenError for settings that the probe refuses; the abort signal's reason
 */
export async function trainingSecondsPerRow(
  evaluation: CampaignEvaluation,
  size: number,
  { extensions, threads, abortSignal }: { extensions: Extensions; threads?: number; abortSignal?: AbortSignal },
): Promise<number> {
  const random = new Random(0);
  const centres = Array.from({ length: labels * size }, () => random.normal());
  const split = (name: string, count: number): [string, EmbeddedSplit] => {
    const targets = new Uint8Array(count * labels);
    for (let row = 0; row < count; row += 1) targets[row * labels + (row % labels)] = 1;
    const embeddings = Float32Array.from(
      { length: count * size },
      (_, at) => centres[(Math.floor(at / size) % labels) * size + (at % size)] + 3 * random.normal(),
    );
    const clipNames = Array.from({ length: count }, (_, row) => `${name} ${row}`);
    return [name, { embeddings, count, size, targets, clipNames, clipOf: Uint32Array.from(clipNames.keys()) }];
  };
  const start = performance.now();
  await evaluateTask(
    {
      metadata,
      labels: Array.from({ length: labels }, (_, label) => String(label)),
      splits: new Map([split('train', rows), split('valid', rows / 3), split('test', rows / 3)]),
    },
    { ...settingsOf(evaluation), gridPoints: 1, seeds: 1, lanes: 1, ...extensions, threads, abortSignal },
  );
  return (performance.now() - start) / 1000 / rows;
}
