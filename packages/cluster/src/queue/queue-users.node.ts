import type { Redis } from 'ioredis';
import { harnessVersion } from '@hearken/results';
import { aboutKey, campaignsKey, cancelledKey, jobFormat, modelsKey, prefix, workerKeys, workQueue } from './names.js';
import { QueueError } from './queue-error.js';

/** Who uses a queue. */
export interface QueueUsers {
  /** The version of Hearken. */
  readonly version: string;
  /** The version of what jobs contain. */
  readonly format: string;
  /** What identifies the cache that all share; empty: not known yet. */
  readonly cache: string;
}

/**
 * One step for the server, so that two processes can't both be the first: writes who uses the queue unless others do.
 * Answers with nothing, or with who uses it and the number of unfinished jobs. If there are none, and `replace` is 1,
 * the queue is taken over; records of finished campaigns go, because they may have another format.
 */
const claim = `
local mine = { ARGV[1], ARGV[2], ARGV[3] }
local found = redis.call('HMGET', KEYS[1], 'version', 'format', 'cache')
local function write()
  redis.call('HSET', KEYS[1], 'version', mine[1], 'format', mine[2])
  if mine[3] ~= '' then redis.call('HSET', KEYS[1], 'cache', mine[3]) end
end
if not found[1] then
  write()
  return {}
end
local cache = found[3] or ''
if found[1] == mine[1] and found[2] == mine[2] and (mine[3] == '' or cache == '' or cache == mine[3]) then
  write()
  return {}
end
local names = redis.call('HKEYS', KEYS[4])
names[#names + 1] = ARGV[5]
local jobs = 0
for _, name in ipairs(names) do
  local start = ARGV[4] .. ':' .. name .. ':'
  for _, state in ipairs({ 'wait', 'active', 'paused' }) do jobs = jobs + redis.call('LLEN', start .. state) end
  for _, state in ipairs({ 'prioritized', 'delayed', 'waiting-children' }) do
    jobs = jobs + redis.call('ZCARD', start .. state)
  end
end
if jobs > 0 or ARGV[6] ~= '1' then return { found[1], found[2] or '', cache, tostring(jobs) } end
for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
  redis.call('DEL', ARGV[4] .. ':roots:' .. id, ARGV[4] .. ':mates:' .. id)
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
write()
return {}
`;

/**
 * Makes sure that all who use a queue are of one version and share one cache. Whoever comes first decides; a queue
 * without unfinished jobs and workers is taken over. A worker asks again from time to time: the server may have lost its
 * data, or have been out of reach for so long that others took the queue over.
 *
 * @param cache what identifies the cache; undefined if it does not matter
 * @throws QueueError if others use the queue
 */
export async function claimQueue(redis: Redis, shown: string, cache = ''): Promise<void> {
  const mine = { version: harnessVersion, format: String(jobFormat), cache };
  const attempt = async (replace: boolean) => {
    const keys = [aboutKey, campaignsKey, cancelledKey, modelsKey];
    const values = [mine.version, mine.format, mine.cache, prefix, workQueue, replace ? '1' : '0'];
    return (await redis.eval(claim, keys.length, ...keys, ...values)) as string[];
  };
  let [version, format, other, jobs] = await attempt(false);
  if (version === undefined) return;
  const workers = await countWorkers(redis);
  if (workers === 0) [version, format, other, jobs] = await attempt(true);
  if (version === undefined) return;
  throw usedByOthers(shown, mine, { version, format, cache: other }, Number(jobs), workers);
}

/**
 * Makes sure that a queue can be read by this version.
 *
 * @returns what the user should know
 * @throws QueueError if its jobs have another format
 */
export async function checkReadable(redis: Redis, shown: string): Promise<string[]> {
  const [version, format] = await redis.hmget(aboutKey, 'version', 'format');
  if (version === null || (version === harnessVersion && format === String(jobFormat))) return [];
  const found = plainVersion(version);
  if (format === String(jobFormat)) {
    return [`The queue is used by Hearken ${found}; this is ${harnessVersion}.`];
  }
  throw new QueueError({
    asked: `the queue '${shown}'`,
    found: `jobs of Hearken ${found}; this is Hearken ${harnessVersion}, which writes and reads others`,
    fix: `use Hearken ${found} here, or another server or database`,
    reason: 'other-version',
  });
}

function usedByOthers(shown: string, mine: QueueUsers, theirs: QueueUsers, jobs: number, workers: number): QueueError {
  const asked = `the queue '${shown}'`;
  const users = [count(jobs, 'unfinished job'), count(workers, 'worker')].filter((text) => text !== '').join(' and ');
  const version = plainVersion(theirs.version);
  if (theirs.version !== mine.version || theirs.format !== mine.format) {
    // Two builds of one version during development.
    const [there, here] =
      theirs.version === mine.version
        ? [` (jobs of format ${plainVersion(theirs.format)})`, ` (${mine.format})`]
        : ['', ''];
    return new QueueError({
      asked,
      found: `${users} of Hearken ${version}${there}; this is Hearken ${mine.version}${here}`,
      fix: 'use one version on all machines, or another server or database, or wait until nothing is left',
      reason: 'other-version',
    });
  }
  return new QueueError({
    asked,
    found: `${users} with another cache folder or store (its id is ${plainVersion(theirs.cache)}, not ${mine.cache})`,
    fix: 'pass the same cache folder or store, one that all machines share, to all of them; or use another server or database',
    reason: 'other-cache',
  });
}

function count(number: number, name: string): string {
  return number === 0 ? '' : `${number} ${name}${number === 1 ? '' : 's'}`;
}

/** What others wrote into the queue, as far as it is the text of a version or id. */
function plainVersion(text: string): string {
  return /^[\w.+-]{1,64}$/.test(text) ? text : 'unknown';
}

async function countWorkers(redis: Redis): Promise<number> {
  const found = new Set<string>();
  for await (const keys of redis.scanStream({ match: workerKeys, count: 1000 })) {
    for (const key of keys as string[]) found.add(key);
  }
  return found.size;
}
