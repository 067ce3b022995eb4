import { QueueError } from './queue-error.js';

/** What a server says of itself: the fields of `INFO`. */
export type ServerInfo = ReadonlyMap<string, string>;

/** Reads the answer to `INFO`: lines of `field:value`, and headings. */
export function parseInfo(text: string): ServerInfo {
  const fields = text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#') && line.includes(':'))
    .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
  return new Map(fields);
}

/** The oldest server that everything is tried with. */
const oldest = [6, 2];

/**
 * Refuses a server that would lose jobs, or cannot keep them.
 *
 * @returns what its owner should know
 * @throws QueueError
 */
export function checkSettings(info: ServerInfo, shown: string): string[] {
  const refused = (found: string, fix: string, reason: string) =>
    new QueueError({ asked: `the queue '${shown}'`, found, fix, reason });
  const version = info.get('redis_version') ?? '';
  const parts = version.split('.').map(Number);
  if (!(parts[0] > oldest[0] || (parts[0] === oldest[0] && parts[1] >= oldest[1]))) {
    const found = version === '' ? 'a server that does not say its version' : `Redis ${version}`;
    throw refused(found, `use Redis ${oldest.join('.')} or newer, or Valkey`, 'too-old');
  }
  if (info.get('cluster_enabled') === '1') {
    const fix = 'use one server: the jobs of a campaign depend on each other';
    throw refused('a server that is part of a Redis Cluster', fix, 'redis-cluster');
  }
  if (info.get('role') === 'slave') {
    throw refused('a replica, which takes no jobs', 'write the address of its primary', 'replica');
  }
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction') {
    const fix =
      "run: redis-cli CONFIG SET maxmemory-policy noeviction, and set 'maxmemory-policy noeviction' in its file";
    throw refused(`a server that removes jobs when its memory is full (maxmemory-policy ${policy})`, fix, 'eviction');
  }
  if (info.get('aof_enabled') !== '0') return [];
  return [
    'The server keeps no append-only file: if it crashes, jobs since its last snapshot are lost, and the campaign has ' +
      'to be submitted again (finished work is kept). To turn it on: redis-cli CONFIG SET appendonly yes, and ' +
      "'appendonly yes' in its file.",
  ];
}
