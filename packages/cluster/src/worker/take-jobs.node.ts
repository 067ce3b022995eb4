import { randomUUID } from 'node:crypto';
import { Job, type JobJson } from 'bullmq';
import { chooseQueue } from './choose-queue.js';
import type { HeldJob } from './held-jobs.node.js';
import { repairJob } from './repair-job.node.js';
import { sayOf, type SlotTools } from './slot-tools.js';

/** A job that was taken from a queue. */
export interface Taken {
  readonly queue: string;
  readonly job: Job;
  readonly token: string;
}

type TakeTools = Pick<SlotTools, 'states' | 'worker' | 'abortSignal' | 'isPaused' | 'say'>;

/**
 * Takes the most urgent job.
 *
 * @param loaded the queue whose model the slot has loaded
 */
export async function takeJob(tools: TakeTools, loaded: string | undefined): Promise<Taken | undefined> {
  const { states, worker, abortSignal } = tools;
  const queue = chooseQueue(await states.get(), loaded, states.provider === 'cuda');
  if (queue === undefined || abortSignal.aborted) return undefined;
  const token = randomUUID();
  const job = await readable(tools, { queue, token }, async () => {
    return (await worker(queue).getNextJob(token, { block: false })) as Job | undefined;
  });
  return job === undefined ? undefined : { queue, job, token };
}

/**
 * Says that a job is done, and takes the next one of its queue if that is where the slot would look anyway.
 *
 * @param loaded the queue whose model the slot has loaded
 */
export async function completeJob(
  tools: TakeTools,
  { job, token }: HeldJob,
  { value, queue, loaded }: { readonly value: unknown; readonly queue: string; readonly loaded: string | undefined },
): Promise<Taken | undefined> {
  const { states, worker, abortSignal } = tools;
  const chosen = chooseQueue(await states.get().catch(() => []), loaded, states.provider === 'cuda');
  const stays = chosen === queue && !abortSignal.aborted && !tools.isPaused();
  return readable(tools, { queue, token, done: job.id }, async () => {
    const answer = await job.moveToCompleted(value, token, stays);
    const [data, id] = (answer ?? []) as [JobJson | undefined, string | undefined];
    if (!stays || !data) return undefined;
    const next = Job.fromJSON(worker(queue), data, id);
    next.token = token;
    return { queue, job: next, token };
  });
}

/** A job that was taken and cannot be read is refused; without that, it would be a running job forever. */
async function readable<Answer>(
  tools: TakeTools,
  { queue, token, done }: { readonly queue: string; readonly token: string; readonly done?: string | undefined },
  take: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await take();
  } catch (error) {
    const id = await repairJob(tools.states.redis, queue, token, done).catch(() => undefined);
    if (id !== undefined) sayOf(tools, { name: 'job', id }, 'it cannot be read');
    throw error;
  }
}
