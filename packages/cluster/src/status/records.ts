import { lineOf, parseBoundedJson } from '@hearken/core/internal';
import * as v from 'valibot';
import type { CampaignRecord, RootProgress, RootResult, WorkerRecord } from './campaign-record.js';

/* Whoever can write to the queue can write anything there: nothing is used that has another form than this. */

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(
  text(40),
  v.check((written) => !Number.isNaN(Date.parse(written))),
);

/** Ids are parts of keys and of the ids of jobs, which a dot and a number follow. */
const idPattern = /^[\w-]{1,64}$/u;
const id = v.pipe(v.string(), v.regex(idPattern));
const name = text(4096);
const path = text(4096);

const campaignRecord = v.object({
  id,
  name: text(256),
  submittedAt: time,
  priority: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1000)),
  out: path,
  roots: count,
  version: text(64),
}) satisfies v.GenericSchema<CampaignRecord>;

const stages = ['waiting', 'describe', 'manifest', 'embed', 'train', 'score'] as const;

const rootProgress = v.object({
  campaign: id,
  model: name,
  task: name,
  stage: v.picklist(stages),
  done: count,
  total: count,
}) satisfies v.GenericSchema<RootProgress>;

/** Of a job's data, only what it is called, which is needed before it has said how far it is. */
const rootData = v.pipe(
  v.object({ model: v.object({ name }), taskId: name }),
  v.transform(({ model, taskId }) => ({ model: model.name, task: taskId })),
);

/** What went wrong is shown as it is. */
const message = v.pipe(
  text(100_000),
  v.transform((written) => lineOf(written, 10_000)),
);

const reason = v.pipe(text(64), v.regex(/^[\w-]+$/));

const rootResult = v.object({
  results: v.pipe(v.array(path), v.maxLength(100_000)),
  failed: v.pipe(
    v.array(
      v.object({
        evaluation: name,
        message,
        parts: v.optional(v.object({ asked: message, found: message, fix: message, reason: v.optional(reason) })),
        trainFraction: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
      }),
    ),
    v.maxLength(100_000),
  ),
}) satisfies v.GenericSchema<RootResult>;

const workerRecord = v.object({
  id: text(256),
  host: text(256),
  process: count,
  version: text(64),
  slots: v.pipe(count, v.maxValue(100_000)),
  provider: v.picklist(['cpu', 'cuda']),
  startedAt: time,
  paused: v.optional(text(4096)),
  running: v.pipe(
    v.array(
      v.object({
        slot: count,
        kind: text(64),
        campaign: text(64),
        model: v.optional(name),
        task: name,
        since: time,
        done: v.optional(count),
        total: v.optional(count),
      }),
    ),
    v.maxLength(100_000),
  ),
  loads: count,
}) satisfies v.GenericSchema<WorkerRecord>;

const modelOfQueue = v.object({ model: name, provider: v.picklist(['cpu', 'cuda']) });

/** Whether a text can be a campaign's id. */
export function isCampaignId(written: string): boolean {
  return idPattern.test(written);
}

/** Whether a name is one that the queue of a model can have, and so can be part of a key. */
export function isModelQueue(name: string): boolean {
  return /^model-[0-9a-f]{1,64}-(?:cpu|cuda)$/u.test(name);
}

/** A campaign's record; undefined if it is none. */
export const parseCampaignRecord = parser(campaignRecord);
/** How far a root job is; undefined if it has not said so. */
export const parseRootProgress = parser(rootProgress);
/** The names of a root job's model and task; undefined if its data has none. */
export const parseRootData = parser(rootData);
/** What a root job returned; undefined if it is not that. */
export const parseRootResult = parser(rootResult);
/** What a worker says of itself; undefined if it is not that. */
export const parseWorkerRecord = parser(workerRecord);
/** The model of a queue; undefined if it is none. */
export const parseModelOfQueue = parser(modelOfQueue);

function parser<Schema extends v.GenericSchema>(schema: Schema) {
  return (written: string): v.InferOutput<Schema> | undefined => {
    try {
      const parsed = v.safeParse(schema, parseBoundedJson(written), { abortEarly: true });
      return parsed.success ? parsed.output : undefined;
    } catch {
      return undefined;
    }
  };
}
