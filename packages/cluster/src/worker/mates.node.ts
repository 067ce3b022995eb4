import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import * as v from 'valibot';
import type { Mates, ModelSummary } from '../child/messages.js';
import { attempts, describeId, keepEnded, queueOfModel, rootId } from '../jobs/child-jobs.js';
import { type JobData, jobModel, mostTogether, scopeOf } from '../jobs/job-data.js';
import { jobPriority } from '../jobs/priorities.js';
import { matesKey, workQueue } from '../queue/names.js';

/** A root whose model may be light. */
export interface Mate {
  /** The root's place in its campaign. */
  readonly index: number;
  readonly model: JobData<'root'>['model'];
}

const matesList = v.pipe(
  v.array(v.strictObject({ index: v.pipe(v.number(), v.integer(), v.minValue(0)), model: jobModel })),
  v.maxLength(10_000),
);
/** Nobody needs a longer one. */
const mostCharacters = 2 ** 24;

const summary = v.object({ sampleRate: v.number(), channels: v.number(), isLight: v.boolean() });

/** What is needed to find the mates of a root. */
export interface MatesTools {
  readonly redis: Redis;
  readonly queue: (name: string) => Queue;
  /** Lets workers find the queue of a model, which has jobs now. */
  readonly nameModelQueue: (model: Mate['model']) => Promise<void>;
}

/** What a job that described a model has answered. Anybody who can write to the server can write anything. */
export function summaryOf(value: unknown): ModelSummary | undefined {
  const checked = v.safeParse(summary, value);
  return checked.success ? checked.output : undefined;
}

/**
 * The models whose embeddings of a task are computed together with those of a root's model; undefined if it has none.
 *
 * @param own what the root's model is like
 * @returns `later` if models that may be among them have not been described
 */
export async function findMates(
  data: JobData<'root'>,
  own: ModelSummary | undefined,
  tools: MatesTools,
): Promise<{ readonly mates: Mates; readonly roots: readonly string[] } | 'later' | undefined> {
  if (own?.isLight !== true) return undefined;
  const all = await readMates(data, tools.redis);
  const isOwn = ({ model }: Mate) => model.name === data.model.name;
  if (all.length < 2 || !all.some(isOwn)) return undefined;
  const fitting: Mate[] = [];
  for (const mate of all) {
    const described = isOwn(mate) ? own : await describedOrAsked(data, mate, all, tools);
    if (described === 'later') return 'later';
    if (!described?.isLight) continue;
    if (described.sampleRate === own.sampleRate && described.channels === own.channels) fitting.push(mate);
  }
  // The same groups for all of their roots, whichever have ended.
  const place = fitting.findIndex(isOwn);
  const start = place - (place % mostTogether);
  const before: Mate[] = [];
  const after: Mate[] = [];
  for (const [index, mate] of fitting.slice(start, start + mostTogether).entries()) {
    if (start + index === place || (await hasEnded(data, mate, tools))) continue;
    (start + index < place ? before : after).push(mate);
  }
  const modelsOf = (mates: readonly Mate[]) => mates.map(({ model }) => model);
  return {
    mates: { before: modelsOf(before), after: modelsOf(after) },
    roots: after.map((mate) => rootId(data.campaign, mate.index)),
  };
}

/** Wakes roots that wait for embeddings, as these are there. */
export async function wakeRoots(ids: readonly string[], queue: Queue): Promise<void> {
  for (const id of ids) {
    const job = (await queue.getJob(id)) as Job | undefined;
    // If it does not wait any more, somebody else has woken it.
    if ((await job?.isDelayed()) === true) await job!.promote().catch(() => undefined);
  }
}

async function readMates({ campaign, task }: JobData<'root'>, redis: Redis): Promise<readonly Mate[]> {
  const length = await redis.hstrlen(matesKey(campaign), task);
  if (length === 0 || length > mostCharacters) return [];
  try {
    return v.parse(matesList, JSON.parse((await redis.hget(matesKey(campaign), task)) ?? '[]'));
  } catch {
    // Without it every model reads for itself.
    return [];
  }
}

/** What is known of another model; has it described, and all others, if nobody has asked for it. */
async function describedOrAsked(
  data: JobData<'root'>,
  mate: Mate,
  all: readonly Mate[],
  { queue, nameModelQueue }: MatesTools,
): Promise<ModelSummary | 'later' | undefined> {
  const scope = (model: Mate['model']) => ({ ...scopeOf(data), model });
  const job = (await queue(queueOfModel(mate)).getJob(describeId({ ...data, model: mate.model }))) as Job | undefined;
  if (job === undefined) {
    for (const { model } of all) {
      const jobId = describeId({ ...data, model });
      const priority = jobPriority('describe', data);
      await queue(queueOfModel({ model })).add('describe', scope(model), { jobId, priority, attempts, ...keepEnded });
      await nameModelQueue(model);
    }
    return 'later';
  }
  if (job.finishedOn === undefined) {
    await nameModelQueue(mate.model);
    return 'later';
  }
  return (await job.isFailed()) ? undefined : summaryOf(job.returnvalue);
}

async function hasEnded(data: JobData<'root'>, mate: Mate, { queue }: MatesTools): Promise<boolean> {
  const job = (await queue(workQueue).getJob(rootId(data.campaign, mate.index))) as Job | undefined;
  return job?.finishedOn !== undefined || job === undefined;
}
