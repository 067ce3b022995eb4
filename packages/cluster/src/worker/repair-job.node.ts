import type { Redis } from 'ioredis';
import { failureText } from '../jobs/failure-text.js';
import { JobRefused } from '../jobs/job-data.js';
import { prefix } from '../queue/names.js';

/**
 * Finds the job that belongs to a token among the running ones, replaces what cannot be read of it, and lets it wait
 * again, so that it is taken and refused as any job. A job of which nothing has to be replaced may be a good one, which
 * the server could not give at that moment; after some times it has failed. An entry that is no job is removed. Answers
 * with the job's id.
 */
const repair = `
local start = KEYS[1]
for _, id in ipairs(redis.call('LRANGE', start .. 'active', 0, 9999)) do
  local key = start .. id
  if id ~= ARGV[4] and redis.call('GET', key .. ':lock') == ARGV[1] then
    redis.call('LREM', start .. 'active', 1, id)
    redis.call('SREM', start .. 'stalled', id)
    redis.call('DEL', key .. ':lock')
    if redis.call('TYPE', key).ok ~= 'hash' then return id end
    local changes = 0
    for field, replacement in pairs(cjson.decode(ARGV[2])) do
      local value = redis.call('HGET', key, field)
      if value and not pcall(cjson.decode, value) then
        redis.call('HSET', key, field, replacement)
        changes = changes + 1
      end
    end
    for _, field in ipairs({ 'ats', 'atm', 'stc', 'delay', 'priority', 'timestamp', 'processedOn', 'finishedOn' }) do
      local value = redis.call('HGET', key, field)
      if value and not string.match(value, '^%d+$') then
        redis.call('HDEL', key, field)
        changes = changes + 1
      end
    end
    if changes > 0 or redis.call('HINCRBY', key, 'unread', 1) < 5 then
      redis.call('LPUSH', start .. 'wait', id)
    else
      local now = redis.call('TIME')
      local milliseconds = now[1] .. string.sub('00' .. math.floor(now[2] / 1000), -3)
      redis.call('HSET', key, 'finishedOn', milliseconds, 'failedReason', ARGV[3])
      redis.call('ZADD', start .. 'failed', milliseconds, id)
    end
    return id
  end
end
return false`;

/** What BullMQ writes as JSON, and what stands for it. A job that waits for this one is told that it failed. */
const replacements = {
  data: '"not JSON"',
  opts: '{"idof":true,"attempts":1}',
  progress: '0',
  parent: '{}',
  stacktrace: '[]',
  returnvalue: 'null',
};

/**
 * Lets a job that BullMQ cannot read be refused. Without this, it would be a running job forever.
 *
 * @param token by which it was taken
 * @param done the job that belonged to the token before
 * @returns its id; undefined if no job was taken
 */
export async function repairJob(redis: Redis, queue: string, token: string, done = ''): Promise<string | undefined> {
  const reason = failureText(new JobRefused('a job', 'entries that BullMQ cannot read'));
  const answer = await redis.eval(repair, 1, `${prefix}:${queue}:`, token, JSON.stringify(replacements), reason, done);
  return typeof answer === 'string' ? answer : undefined;
}
