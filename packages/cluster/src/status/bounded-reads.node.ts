import type { Redis } from 'ioredis';

/* Reads what others wrote without taking more into memory than Hearken's own values need. */

/** Nothing that Hearken writes is longer. Longer values are read as empty. */
const mostBytes = 1 << 20;
/** Ids and names of fields. */
const mostNameBytes = 1024;

const pageOfHash = `
local page = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', 100)
local kept = {}
for index = 1, #page[2], 2 do
  local name, value = page[2][index], page[2][index + 1]
  if #name <= tonumber(ARGV[2]) then
    kept[#kept + 1] = name
    kept[#kept + 1] = #value <= tonumber(ARGV[3]) and value or ''
  end
end
return { page[1], kept }`;

/** The fields of a hash, page by page; one that changes meanwhile may come twice. */
export async function* hashEntries(redis: Redis, key: string): AsyncGenerator<readonly [string, string]> {
  let cursor = '0';
  do {
    const answer = await redis.eval(pageOfHash, 1, key, cursor, mostNameBytes, mostBytes);
    const [next, entries] = answer as [string, string[]];
    for (let index = 0; index < entries.length; index += 2) yield [entries[index], entries[index + 1]];
    cursor = next;
  } while (cursor !== '0');
}

/** A field of a hash; undefined if there is none. */
export async function hashValue(redis: Redis, key: string, field: string): Promise<string | undefined> {
  if ((await redis.hstrlen(key, field)) > mostBytes) return '';
  return (await redis.hget(key, field)) ?? undefined;
}

const pageOfList = `
local items = redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])
for index, item in ipairs(items) do
  if #item > tonumber(ARGV[3]) then items[index] = '' end
end
return items`;

/** Items `from` to before `to` of a list of ids. */
export async function listPage(redis: Redis, key: string, from: number, to: number): Promise<string[]> {
  return (await redis.eval(pageOfList, 1, key, from, to - 1, mostNameBytes)) as string[];
}

/** The strings under all keys that begin with a prefix, with the rest of the key. */
export async function* valuesUnder(redis: Redis, prefix: string): AsyncGenerator<readonly [string, string]> {
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000);
    for (const key of keys) {
      if (seen.has(key)) continue;
      seen.add(key);
      const value = await redis.getrange(key, 0, mostBytes - 1);
      // It may have expired in the meantime.
      if (value !== '') yield [key.slice(prefix.length), value];
    }
    cursor = next;
  } while (cursor !== '0');
}

const jobsOfPage = `
local prefix, most = KEYS[1], tonumber(ARGV[1])
local function field(key, name)
  if redis.call('HSTRLEN', key, name) > most then return '' end
  return redis.call('HGET', key, name)
end
local jobs = {}
for index = 2, #ARGV do
  local key = prefix .. ARGV[index]
  if redis.call('EXISTS', key) == 0 then
    jobs[#jobs + 1] = { 'removed' }
  elseif redis.call('ZSCORE', prefix .. 'completed', ARGV[index]) then
    jobs[#jobs + 1] = { 'completed', field(key, 'progress'), field(key, 'data'), field(key, 'returnvalue') }
  elseif redis.call('ZSCORE', prefix .. 'failed', ARGV[index]) then
    jobs[#jobs + 1] = { 'failed', field(key, 'progress'), field(key, 'data'), field(key, 'failedReason') }
  else
    local children = 0
    if redis.call('ZSCORE', prefix .. 'waiting-children', ARGV[index]) then
      children = redis.call('SCARD', key .. ':dependencies')
    end
    jobs[#jobs + 1] = { 'open', field(key, 'progress'), field(key, 'data'), tostring(children) }
  end
end
return jobs`;

/** A job as the queue knows it; texts are empty if they are absent or too long. */
export interface StoredJob {
  readonly state: 'removed' | 'completed' | 'failed' | 'open';
  readonly progress: string;
  readonly data: string;
  /** Of a completed job. */
  readonly returned: string;
  /** Of a failed job. */
  readonly reason: string;
  /** How many jobs an open job waits for. */
  readonly children: number;
}

/**
 * What the queue knows of a page of jobs, at one moment.
 *
 * @param prefix of the keys of the queue's jobs, with its colon
 */
export async function storedJobs(redis: Redis, prefix: string, ids: readonly string[]): Promise<StoredJob[]> {
  const answer = await redis.eval(jobsOfPage, 1, prefix, mostBytes, ...ids);
  return (answer as [StoredJob['state'], ...(string | null | undefined)[]][]).map(([state, ...fields]) => {
    const [progress, data, last] = fields.map((field) => field ?? '');
    return {
      state,
      progress: progress ?? '',
      data: data ?? '',
      returned: state === 'completed' ? last : '',
      reason: state === 'failed' ? last : '',
      children: state === 'open' ? Number(last) : 0,
    };
  });
}
