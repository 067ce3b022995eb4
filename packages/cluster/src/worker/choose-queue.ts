import { campaignPriority } from '../jobs/priorities.js';

/** What waits in a queue. */
export interface QueueState {
  readonly name: string;
  /** Whether its jobs need a model that takes time to load. */
  readonly needsModel: boolean;
  /** Jobs that wait. */
  readonly waiting: number;
  /** BullMQ's priority of the one that is next, lower first; undefined if none waits. */
  readonly next: number | undefined;
  /** Jobs that are being done, anywhere. */
  readonly active: number;
  /** Jobs that wait for a time to come. */
  readonly delayed: number;
  /** Whether somebody has paused it: it gives no jobs. */
  readonly isPaused: boolean;
}

/**
 * The queue from which a slot takes its next job: the one with the most urgent job. Of several, one that needs no model,
 * or whose model the slot has loaded, comes first; then the one with the most waiting jobs for each that is being done.
 *
 * @param loaded the queue whose model the slot has loaded
 * @param prefersModels whether a campaign's embeddings come before its trainings: for a worker with a GPU, as workers
 *   without one can train
 * @returns undefined if nothing waits
 */
export function chooseQueue(
  states: readonly QueueState[],
  loaded: string | undefined,
  prefersModels = false,
): string | undefined {
  let best: QueueState | undefined;
  const open = states.filter(({ isPaused }) => !isPaused);
  for (const state of open) {
    if (state.next !== undefined && (best === undefined || comesBefore(state, best, loaded, prefersModels)))
      best = state;
  }
  // Only who asks a queue for a job notices that the time of a delayed one has come.
  return (best ?? open.find(({ delayed }) => delayed > 0))?.name;
}

function comesBefore(one: QueueState, other: QueueState, loaded: string | undefined, prefersModels: boolean): boolean {
  if (prefersModels && campaignPriority(one.next!) === campaignPriority(other.next!)) {
    if (one.needsModel !== other.needsModel) return one.needsModel;
  }
  if (one.next !== other.next) return one.next! < other.next!;
  const isReady = ({ needsModel, name }: QueueState) => !needsModel || name === loaded;
  if (isReady(one) !== isReady(other)) return isReady(one);
  const share = ({ waiting, active }: QueueState) => waiting / (active + 1);
  return share(one) > share(other);
}
