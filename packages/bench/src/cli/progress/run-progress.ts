import { durationText } from '@hearken/core/internal';
import { type BenchmarkEvent, checkpointFolder, type FinishedTask, hasFailed } from '../../run/benchmark.js';
import { errorText } from '../error-text.js';
import { scoreText } from '../results-output.js';
import type { ProgressView } from './progress-view.js';
import { timeLeft } from './time-left.js';

type EmbedEvent = Extract<BenchmarkEvent, { kind: 'embed' }>;
type TaskEvent = Extract<BenchmarkEvent, { kind: 'task' }>;
type ProbeEvent = Extract<BenchmarkEvent, { kind: 'probe' }>;
type UpdateEvent = Extract<BenchmarkEvent, { kind: 'update' }>;

/** How to show a run. */
export interface RunProgressOptions {
  readonly debug?: boolean;
  /** A clock in seconds. */
  readonly now?: () => number;
  /** The line that says which task starts. */
  readonly taskLine?: (event: TaskEvent) => string;
}

/** Shows the events of a run on a view. */
export function runProgress(
  view: ProgressView,
  { debug = false, now = () => performance.now() / 1000, taskLine = taskOfTasks }: RunProgressOptions = {},
): (event: BenchmarkEvent) => void {
  let work = '';
  const time = timeLeft(now);
  const begin = (label: string, total: number, unitsDone: number) => {
    if (label === work) return;
    view.end();
    view.begin(label, total);
    work = label;
    time.begin(unitsDone);
  };
  const showEmbed = ({ task, done, total, cached }: EmbedEvent) => {
    begin(`${task}: embedding`, total, cached);
    view.update(
      done,
      `${done} of ${total} clips${cached > 0 ? `, ${cached} from the cache` : ''}`,
      time.at(done, total),
    );
  };
  const showProbe = ({ task, stage, index, total, epoch, maxEpochs, bestScore, ...counts }: ProbeEvent) => {
    const { finished = index, running = 1, done = index + epoch / maxEpochs } = counts;
    const what = stage === 'grid' ? 'configuration' : 'training';
    begin(`${task}: ${stage === 'grid' ? 'probe, grid' : 'probe, further trainings'}`, total, finished);
    // Training stops early, at an unknown epoch: only finished probes tell how long the next ones take.
    const best = bestScore === null ? '' : `, best ${bestScore.toFixed(4)}`;
    const together = running > 1 ? `, ${running} at once` : '';
    view.update(done, `${what} ${index + 1} of ${total}, epoch ${epoch}${best}${together}`, time.at(finished, total));
  };
  let training = 0;
  let isUpdating = false;
  const showUpdate = ({ task, update, totalUpdates, epoch, epochs, loss, bestScore }: UpdateEvent) => {
    // Each fold and seed is a training of its own.
    if (update === 1 || !isUpdating) training += 1;
    isUpdating = true;
    begin(`${task}: fine-tuning${training > 1 ? ` ${training}` : ''}`, totalUpdates, update - 1);
    const best = bestScore === null ? '' : `, best ${bestScore.toFixed(4)}`;
    view.update(
      update,
      `epoch ${epoch} of ${epochs}, loss ${loss.toPrecision(4)}${best}`,
      time.at(update, totalUpdates),
    );
  };
  return (event) => {
    if (event.kind === 'embed') return showEmbed(event);
    if (event.kind === 'update') return showUpdate(event);
    // The updates of a model say more.
    if (event.kind === 'probe') return isUpdating ? undefined : showProbe(event);
    view.end();
    work = '';
    training = 0;
    isUpdating = false;
    for (const line of event.kind === 'task' ? [taskLine(event)] : lines(event, debug)) view.note(line);
  };
}

function taskOfTasks({ index, total, task }: TaskEvent): string {
  return `Task ${index + 1} of ${total}: ${task}`;
}

function lines(
  event: Exclude<BenchmarkEvent, EmbedEvent | ProbeEvent | TaskEvent | UpdateEvent>,
  debug: boolean,
): string[] {
  if (event.kind === 'note') return [`${event.task}: ${event.message}`];
  if (event.kind === 'model') {
    const { checkpointSha256, backend } = event.provenance;
    const weights = checkpointSha256 === null ? 'no weights' : `checkpoint sha256 ${checkpointSha256.slice(0, 12)}`;
    return [`Model ${event.model} (${weights}, ${backend})`];
  }
  const { outcome } = event;
  if (hasFailed(outcome)) return [`${outcome.task}: failed`, errorText(outcome.error, debug).trimEnd()];
  const { seconds, evaluation } = outcome.result;
  const { embed, probe } = seconds;
  const spent = outcome.reused
    ? 'already finished; --force computes it again'
    : evaluation.finetune !== undefined
      ? `preparing clips ${durationText(embed)}, fine-tuning ${durationText(probe)}`
      : `embedding ${durationText(embed)}, probe ${durationText(probe)}`;
  const warnings = outcome.result.warnings.map((warning) => `Warning: ${warning}`);
  const models = savedModels(outcome);
  return [...warnings, ...models, `${outcome.task}: ${scoreText(outcome)} (${spent}) -> ${outcome.path}`];
}

/** Where fine-tuned models were saved. */
function savedModels({ task, path, result }: FinishedTask): string[] {
  const hasModels = result.folds.some(({ details }) => Array.isArray(details?.checkpoint));
  return hasModels ? [`${task}: trained models in ${checkpointFolder(path)}`] : [];
}
