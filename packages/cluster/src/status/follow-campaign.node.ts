import type { OpenQueue } from '../queue/connect.node.js';
import { campaignsKey } from '../queue/names.js';
import { QueueError } from '../queue/queue-error.js';
import { ConnectionWatch, delay } from './connection-watch.node.js';
import { findCampaign } from './find-campaign.node.js';
import {
  hasEnded,
  noRoots,
  readRoots,
  type RootCounts,
  type RootFailure,
  rootIds,
  type RootView,
} from './read-roots.node.js';

/** How a model on a task ended. */
export interface RootOutcome {
  /** Id of the job. */
  readonly id: string;
  /** What the campaign calls the model. */
  readonly model: string;
  /** Id of the task. */
  readonly task: string;
  /** `failed` if any of its ways of scoring failed; `removed` if its campaign was cancelled. */
  readonly state: 'done' | 'failed' | 'removed';
  /** Paths of its result files. */
  readonly results: readonly string[];
  /** What failed, and why. */
  readonly failures: readonly RootFailure[];
}

/** How far a campaign is. */
export interface FollowProgress {
  /** How many models on tasks are how far. */
  readonly counts: RootCounts;
  /** Their number. */
  readonly total: number;
  /** Those that have ended since the last time. */
  readonly ended: readonly RootOutcome[];
}

/** How to follow a campaign. */
export interface FollowOptions {
  /** Called about every second. */
  readonly onProgress?: (progress: FollowProgress) => void;
  /** Called with a sentence when the server is away, and when it is back. */
  readonly onNote?: (line: string) => void;
  /** Stops following; the campaign goes on. */
  readonly abortSignal?: AbortSignal;
}

const everyMilliseconds = 1000;

/**
 * Waits until all models on tasks of a campaign have ended. While the server is away, it waits for it.
 *
 * @returns how each of them ended, in the order of the campaign
 * @throws QueueError if there is no such campaign, or no longer; the abort signal's reason
 */
export async function followCampaign(
  queue: OpenQueue,
  id: string,
  { onProgress, onNote = () => undefined, abortSignal }: FollowOptions = {},
): Promise<RootOutcome[]> {
  const { redis } = queue;
  const watch = new ConnectionWatch(queue, onNote);
  const ask = <Answer>(question: () => Promise<Answer>) => watch.answer(question, abortSignal);
  try {
    const campaign = await ask(() => findCampaign(queue, id));
    const ids = await ask(() => rootIds(redis, campaign.id));
    const outcomes = new Map<string, RootOutcome>();
    /** The queue no longer knows what a removed job was. */
    const names = new Map<string, Pick<RootOutcome, 'model' | 'task'>>();
    const counts = noRoots();
    for (;;) {
      const startedAt = performance.now();
      const open = await ask(() =>
        collected(
          readRoots(
            redis,
            ids.filter((one) => !outcomes.has(one)),
          ),
        ),
      );
      for (const { id: root, state, model, task } of open) if (state !== 'removed') names.set(root, { model, task });
      const ended = open.flatMap(outcomeOf).map((outcome) => ({ ...outcome, ...names.get(outcome.id) }));
      if (ended.some(({ state }) => state === 'removed')) {
        const isThere = await ask(() => redis.hexists(campaignsKey, campaign.id));
        if (isThere === 0) throw lostCampaign(queue, campaign.id);
      }
      for (const outcome of ended) {
        outcomes.set(outcome.id, outcome);
        counts[outcome.state] += 1;
      }
      const now = { ...counts };
      for (const { state } of open) if (!hasEnded(state)) now[state] += 1;
      onProgress?.({ counts: now, total: ids.length, ended });
      if (outcomes.size === ids.length) return ids.map((one) => outcomes.get(one)!);
      // A large campaign must not keep the server busy with questions.
      await delay(Math.max(everyMilliseconds, 10 * (performance.now() - startedAt)), abortSignal);
    }
  } finally {
    watch.close();
  }
}

async function collected(roots: AsyncIterable<RootView>): Promise<RootView[]> {
  const all: RootView[] = [];
  for await (const root of roots) all.push(root);
  return all;
}

function outcomeOf({ id, model, task, state, results, failures }: RootView): RootOutcome[] {
  return state === 'done' || state === 'failed' || state === 'removed'
    ? [{ id, model, task, state, results, failures }]
    : [];
}

function lostCampaign({ shown }: OpenQueue, id: string): QueueError {
  return new QueueError({
    asked: `campaign ${id} in the queue ${shown}`,
    found: 'no such campaign any more: the server has lost or deleted its data',
    fix: 'run the same command again: what is finished is not computed again',
  });
}
