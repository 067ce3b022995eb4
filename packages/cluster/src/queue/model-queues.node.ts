import type { Redis } from 'ioredis';
import { lastForgottenKey, modelsKey, prefix } from './names.js';

/** Whose jobs a queue has. */
export interface ModelOfQueue {
  /** What a campaign calls the model. */
  readonly model: string;
  readonly provider: 'cpu' | 'cuda';
}

/**
 * Lets workers find the queue of a model. It is called after jobs were added to it, and again whenever somebody waits for
 * them: a queue that has unfinished jobs is not forgotten, so from then on it stays known until they are done.
 */
export async function nameModelQueue(redis: Redis, name: string, of: ModelOfQueue): Promise<void> {
  await redis.hset(modelsKey, name, JSON.stringify(of));
}

/**
 * One step for the server: removes a queue and its name unless it has jobs that are not finished, or that ended a moment
 * ago, which somebody may still ask for. Answers with 1 if it was removed.
 */
const forget = `
local start = KEYS[2]
for _, list in ipairs({ 'wait', 'paused', 'active' }) do
  if redis.call('LLEN', start .. list) > 0 then return 0 end
end
for _, set in ipairs({ 'prioritized', 'delayed', 'waiting-children' }) do
  if redis.call('ZCARD', start .. set) > 0 then return 0 end
end
local since = (tonumber(redis.call('TIME')[1]) - tonumber(ARGV[2])) * 1000
for _, set in ipairs({ 'completed', 'failed' }) do
  if redis.call('ZCOUNT', start .. set, '(' .. since, '+inf') > 0 then return 0 end
end
for _, set in ipairs({ 'completed', 'failed' }) do
  for _, id in ipairs(redis.call('ZRANGE', start .. set, 0, 999)) do
    local key = start .. id
    redis.call('ZREM', start .. set, id)
    for _, rest in ipairs({ '', ':lock', ':logs', ':dependencies', ':processed', ':failed', ':unsuccessful' }) do
      redis.call('UNLINK', key .. rest)
    end
  end
  if redis.call('ZCARD', start .. set) > 0 then return 0 end
end
for _, key in ipairs({ 'id', 'meta', 'events', 'marker', 'pc', 'stalled', 'stalled-check', 'limiter', 'repeat' }) do
  redis.call('UNLINK', start .. key)
end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1`;

/** An ended job may be asked for by others for so long, in seconds; after that it would be done again at once. */
const keptSeconds = 3600;
/** Workers together look no more often than this, in seconds. */
const everySeconds = 60;

/**
 * Removes the queues of models that have no jobs any more.
 *
 * @param names queues of models
 * @param kept how long ended jobs stay known, in seconds
 * @returns how many were removed
 */
export async function forgetModelQueues(redis: Redis, names: readonly string[], kept = keptSeconds): Promise<number> {
  let removed = 0;
  for (const name of names) {
    removed += Number(await redis.eval(forget, 2, modelsKey, `${prefix}:${name}:`, name, kept));
  }
  return removed;
}

/** {@link forgetModelQueues}, unless another worker has done so within the last minute. */
export async function forgetModelQueuesInTurn(redis: Redis, names: () => Promise<readonly string[]>): Promise<void> {
  const isFirst = await redis.set(lastForgottenKey, '1', 'EX', everySeconds, 'NX');
  if (isFirst === 'OK') await forgetModelQueues(redis, await names());
}
