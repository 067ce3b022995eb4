import { gridNames } from '@hearken/results/internal';
import type { EvaluationIdentity } from '@hearken/results/node';
import * as v from 'valibot';
import { QueueError } from '../queue/queue-error.js';

/* Everything in the queue is checked when it is taken out, as it gives orders. */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const strings = v.pipe(v.array(text), v.maxLength(10_000));
/** A campaign's id, which is part of keys and file names. */
export const campaignId = v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/));

/** So many light models share the clips that are read: all of them are in memory. */
export const mostTogether = 8;

/** A model, as it is in jobs. */
export const jobModel = v.strictObject({
  name: text,
  model: text,
  checkpoint: v.optional(text),
  /** If the checkpoint is also in the store: for machines that do not have the file. */
  checkpointSha256: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
  options: v.optional(v.record(v.string(), v.unknown())),
  weights: v.optional(text),
  provider: v.optional(v.picklist(['cpu', 'webgpu', 'cuda'])),
});

/** A way of scoring; `name` is what rows and messages call it. */
const way = v.strictObject({
  name: text,
  evaluation: v.strictObject({
    probe: text,
    grid: v.picklist(gridNames),
    gridPoints: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
    seed: count,
    seeds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
    pca: v.optional(v.number()),
    finetune: v.optional(
      v.strictObject({
        recipe: text,
        settings: v.record(text, v.union([v.pipe(v.number(), v.finite()), v.string(), v.boolean()])),
      }),
    ),
  }),
  trainFraction: v.optional(v.pipe(v.number(), v.gtValue(0), v.ltValue(1))),
});

/** A model on a task, and all that its jobs need to know. */
const scope = {
  campaign: campaignId,
  /** From 1, the first, to 1000. */
  priority: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
  model: jobModel,
  /** The task's folder, an absolute path. */
  task: text,
  /** Folder of the results, an absolute path. */
  out: text,
  generalization: v.optional(v.strictObject({ column: text, train: v.optional(strings), test: v.optional(strings) })),
  /** SHA-256 of the modules with custom metrics and probes, which a worker must have been started with. */
  extensions: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))), v.maxLength(1000)),
};

const contentHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const shard = v.strictObject({ split: text, first: count, clips: v.pipe(v.number(), v.integer(), v.minValue(1)) });

const schemas = {
  /** A model on a task: plans the other jobs, and ends when they have. */
  root: v.strictObject({
    ...scope,
    taskId: text,
    ways: v.pipe(v.array(way), v.nonEmpty(), v.maxLength(100_000)),
    /** What happened so far. */
    state: v.optional(
      v.strictObject({
        /** Why ways of scoring have no result, by the way's index. */
        failures: v.record(v.pipe(v.string(), v.regex(/^\d+$/)), v.pipe(v.string(), v.maxLength(10_000))),
        /** What the task's files hashed to when it was planned for the first time. */
        contentHash: v.optional(contentHash),
        /** What was asked for last, so that a plan that leads nowhere is noticed. */
        asked: v.optional(v.pipe(v.string(), v.maxLength(100))),
        times: v.optional(count),
      }),
    ),
  }),
  /** Loads the model once, and keeps what it says of itself. */
  describe: v.strictObject(scope),
  /** Hashes the task's files. */
  manifest: v.strictObject(scope),
  /** Computes some shards of embeddings. */
  embed: v.strictObject({
    ...{ ...scope, contentHash },
    shards: v.pipe(v.array(shard), v.nonEmpty(), v.maxLength(10_000)),
    /** Other models whose embeddings of the same clips are computed with the model's own. */
    together: v.optional(v.pipe(v.array(jobModel), v.maxLength(mostTogether))),
  }),
  /** Trains one probe. */
  train: v.strictObject({
    ...scope,
    ...{ contentHash, way },
    part: v.strictObject({ stage: v.picklist(['grid', 'split']), index: count }),
  }),
  /** Writes one result. */
  score: v.strictObject({ ...scope, contentHash, way }),
};

/** The kinds of jobs. */
export type JobKind = keyof typeof schemas;
/** What a kind of job says. */
export type JobData<Kind extends JobKind = JobKind> = v.InferOutput<(typeof schemas)[Kind]>;
/** What the jobs of a model on a task have in common. */
export type JobScope = JobData<'describe'>;
/** A way of scoring, as it is in a job. */
export interface JobWay {
  readonly name: string;
  readonly evaluation: EvaluationIdentity;
  readonly trainFraction?: number;
}

/** Which kinds there are. */
export const jobKinds = Object.keys(schemas) as readonly JobKind[];

/** What is wrong with a job from the queue. */
export class JobRefused extends QueueError {
  override name = 'JobRefused';

  /** @param found what it has instead of what its kind must have */
  constructor(
    asked: string,
    found: string,
    fix = 'give the queue the campaign again, and see which other program writes into the queue',
  ) {
    super({ asked, found, fix });
  }
}

/**
 * The data of a job from the queue.
 *
 * @throws JobRefused if it is not what its kind must be
 */
export function jobData<Kind extends JobKind>(kind: Kind, data: unknown): JobData<Kind> {
  const checked = v.safeParse(schemas[kind], data);
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  throw new JobRefused(
    `a job of kind '${kind}'`,
    `${v.getDotPath(issue) ?? 'its data'}: ${issue.message.slice(0, 200)}`,
  );
}

/** Only what is common to all jobs of a model on a task. */
export function scopeOf({ campaign, priority, model: of, task, out, generalization, extensions }: JobScope): JobScope {
  return {
    campaign,
    priority,
    model: of,
    task,
    out,
    ...(generalization === undefined ? {} : { generalization }),
    extensions,
  };
}
