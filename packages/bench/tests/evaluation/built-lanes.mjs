// Evaluates a made-up task with what is built, and prints its numbers. Arguments: lanes, what to do in the middle.
import { Random } from '@hearken/metrics';
import { evaluateTask } from '../../dist/evaluation/evaluate-task.node.js';

const [lanes, middle] = process.argv.slice(2);
const random = new Random(1);
const [count, size, labels] = [120, 16, 4];

function split(name) {
  const targets = new Uint8Array(count * labels).map((_, index) =>
    Math.floor(index / labels) % labels === index % labels ? 1 : 0,
  );
  const embeddings = Float32Array.from({ length: count * size }, (_, index) => {
    return 2 * random.normal() + (Math.floor(index / size) % labels === index % labels ? 1 : 0);
  });
  const clipNames = Array.from({ length: count }, (_, row) => `${name}-${row}.wav`);
  return { embeddings, count, size, targets, clipNames, clipOf: Uint32Array.from({ length: count }, (_, row) => row) };
}

const input = {
  metadata: {
    taskName: 'made_up',
    version: '1',
    embeddingType: 'scene',
    predictionType: 'multiclass',
    splitMode: 'presplit_kfold',
    mode: 'small',
    sampleDuration: 1,
    evaluation: ['top1_acc'],
    modality: 'audio',
    leads: [],
    useScoringForEarlyStopping: true,
    evaluationParams: { task_specific_param_grid: { hidden_layers: [1, 2], hidden_dim: [256], max_epochs: [30] } },
  },
  labels: Array.from({ length: labels }, (_, label) => `label${label}`),
  splits: new Map(['fold00', 'fold01', 'fold02'].map((name) => [name, split(name)])),
};

const controller = new globalThis.AbortController();
let running = 0;
const onProgress = (progress) => {
  running = Math.max(running, progress.running);
  if (progress.finished < 2) return;
  if (middle === 'exit') process.exit(5);
  if (middle === 'abort') controller.abort(new Error('enough'));
};

try {
  const { scores, folds, gridPoints, configuration } = await evaluateTask(input, {
    probe: 'mlp',
    grid: 'faster',
    gridPoints: 4,
    seed: 0,
    lanes: Number(lanes),
    onProgress,
    abortSignal: controller.signal,
  });
  const points = gridPoints.map(({ validationScore, epoch }) => [validationScore, epoch]);
  const predictions = folds.map((fold) => [...fold.predictions]);
  console.log(JSON.stringify({ running, numbers: { scores, points, configuration, predictions } }));
} catch (error) {
  console.log(JSON.stringify({ error: error.message }));
}
