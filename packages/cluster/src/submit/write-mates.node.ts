import { stat } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import type { JobData } from '../jobs/job-data.js';
import { matesKey } from '../queue/names.js';
import type { Mate } from '../worker/mates.node.js';

/** A model with more weights than this, in bytes, takes much longer for a clip than reading it does. */
const mostLightBytes = 2 ** 27;

/**
 * Writes down which roots of a campaign may share what they read: several models on the same task, none with a large
 * checkpoint, on the same kind of processor. Whether they are light enough is found out when they are described.
 *
 * @param roots all roots of the campaign, in its order
 */
export async function writeMates(redis: Redis, campaign: string, roots: readonly JobData<'root'>[]): Promise<void> {
  const sizes = new Map<string, number>();
  const isSmall = async (checkpoint: string | undefined) => {
    if (checkpoint === undefined) return true;
    if (!sizes.has(checkpoint)) sizes.set(checkpoint, (await stat(checkpoint).catch(() => undefined))?.size ?? 0);
    return sizes.get(checkpoint)! <= mostLightBytes;
  };
  const tasks = new Map<string, Mate[]>();
  for (const [index, { task, model }] of roots.entries()) {
    if (model.provider === 'cuda' || !(await isSmall(model.checkpoint))) continue;
    tasks.set(task, [...(tasks.get(task) ?? []), { index, model }]);
  }
  await redis.del(matesKey(campaign));
  for (const [task, mates] of tasks) {
    if (mates.length > 1) await redis.hset(matesKey(campaign), task, JSON.stringify(mates));
  }
}
