import type { CampaignJob } from './plan.js';

/** How far a job is; `found` was finished before this run. */
export type JobState = 'waiting' | 'running' | 'done' | 'found' | 'failed';

/** Seconds that a finished job took. */
export interface JobSeconds {
  /** For the embeddings of its model on its task. */
  readonly embed: number;
  /** For its trainings. */
  readonly probe: number;
}

/** How many jobs are how far. */
export type JobCounts = Readonly<Record<JobState, number>>;

/** Keeps track of a campaign's jobs, and estimates when it ends. */
export class CampaignProgress {
  readonly #states: JobState[];
  readonly #seconds = new Map<number, JobSeconds>();
  #startedAt = 0;

  /** @param jobs as planned, in the order of the plan */
  constructor(readonly jobs: readonly CampaignJob[]) {
    this.#states = jobs.map(() => 'waiting');
  }

  /** A job begins. @param now a clock in seconds */
  start(index: number, now: number): void {
    this.#states[index] = 'running';
    this.#startedAt = now;
  }

  /** A job has ended. @param seconds what it took, if it has a result that was computed now */
  end(index: number, state: 'done' | 'found' | 'failed', seconds?: JobSeconds): void {
    this.#states[index] = state;
    if (seconds !== undefined) this.#seconds.set(index, seconds);
  }

  /** How many jobs are how far. */
  counts(): JobCounts {
    const counts = { waiting: 0, running: 0, done: 0, found: 0, failed: 0 };
    for (const state of this.#states) counts[state] += 1;
    return counts;
  }

  /**
   * Seconds until the last job ends, if those that are left take as long as those that are done: embeddings by the number of
   * clips, for the same model where that is known; trainings as for the same task and evaluation with other models, or by
   * the number of clips. Undefined before the first one is done.
   *
   * @param now a clock in seconds
   */
  secondsLeft(now: number): number | undefined {
    const rates = new Rates(this.jobs, this.#seconds);
    const embedded = new Set<string>();
    let left = 0;
    for (const [index, job] of this.jobs.entries()) {
      const state = this.#states[index];
      const pair = JSON.stringify([job.model.name, job.task]);
      if (state === 'done' || state === 'found' || state === 'failed' || job.evaluation === undefined) {
        embedded.add(pair);
        continue;
      }
      const embed = embedded.has(pair) ? 0 : rates.embed(job);
      const probe = rates.probe(job);
      if (embed === undefined || probe === undefined) return undefined;
      embedded.add(pair);
      left += state === 'running' ? Math.max(0, embed + probe - (now - this.#startedAt)) : embed + probe;
    }
    return left;
  }
}

/** Means over finished jobs by what they have in common. */
class Rates {
  readonly #means = new Map<string, { sum: number; count: number }>();

  constructor(jobs: readonly CampaignJob[], finished: ReadonlyMap<number, JobSeconds>) {
    for (const [index, { embed, probe }] of finished) {
      const job = jobs[index];
      const clips = Math.max(1, job.clips);
      this.#add(['embed', job.model.name], embed / clips);
      this.#add(['embed'], embed / clips);
      this.#add(likeJob(job), probe);
      this.#add(['probe', job.evaluation?.name], probe / clips);
      this.#add(['probe'], probe / clips);
    }
  }

  embed({ model, clips }: CampaignJob): number | undefined {
    const rate = this.#mean(['embed', model.name]) ?? this.#mean(['embed']);
    return rate === undefined ? undefined : rate * clips;
  }

  probe(job: CampaignJob): number | undefined {
    const same = this.#mean(likeJob(job));
    if (same !== undefined) return same;
    const rate = this.#mean(['probe', job.evaluation?.name]) ?? this.#mean(['probe']);
    return rate === undefined ? undefined : rate * job.clips;
  }

  #add(key: readonly unknown[], value: number): void {
    const { sum, count } = this.#means.get(JSON.stringify(key)) ?? { sum: 0, count: 0 };
    this.#means.set(JSON.stringify(key), { sum: sum + value, count: count + 1 });
  }

  #mean(key: readonly unknown[]): number | undefined {
    const found = this.#means.get(JSON.stringify(key));
    return found === undefined ? undefined : found.sum / found.count;
  }
}

function likeJob({ task, evaluation, trainFraction = 1 }: CampaignJob): readonly unknown[] {
  return ['probe', task, evaluation?.name, trainFraction];
}
