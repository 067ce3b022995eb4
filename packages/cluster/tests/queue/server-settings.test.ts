import { describe, expect, it } from 'vitest';
import { QueueError } from '../../src/queue/queue-error.js';
import { checkSettings, parseInfo } from '../../src/queue/server-settings.js';

const sound =
  'redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\nrole:master\r\ncluster_enabled:0';

describe('checkSettings', () => {
  it('says nothing about a server that is set up well', () => {
    expect(checkSettings(parseInfo(`# Server\r\n${sound}\r\n\r\n# Keyspace`), 'redis://host')).toEqual([]);
  });

  it.each([
    ['redis_version:6.2.0', 'redis_version:6.2.0'],
    ['redis_version:10.0.1', 'redis_version:10.0.1'],
    // What Valkey says of itself.
    ['redis_version:7.2.4', 'redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.0.0'],
  ])('accepts %s', (_, text) => {
    expect(checkSettings(parseInfo(sound.replace('redis_version:7.0.15', text)), 'redis://host')).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['redis_version:7.0.15', 'redis_version:6.0.16', /Redis 6.0.16; use Redis 6.2 or newer, or Valkey/],
    ['redis_version:7.0.15', 'redis_version:5.0.14', /Redis 5.0.14/],
    ['redis_version:7.0.15', 'redis_version:', /does not say its version/],
    ['redis_version:7.0.15', 'other:1', /does not say its version/],
    ['cluster_enabled:0', 'cluster_enabled:1', /part of a Redis Cluster/],
    ['role:master', 'role:slave', /a replica, which takes no jobs/],
    ['noeviction', 'volatile-ttl', /\(maxmemory-policy volatile-ttl\)/],
  ])('refuses %s as %s', (found, instead, message) => {
    const info = parseInfo(sound.replace(found, instead));
    expect(() => checkSettings(info, 'redis://host')).toThrow(QueueError);
    expect(() => checkSettings(info, 'redis://host')).toThrow(message);
  });

  it('notes that a crash would lose jobs', () => {
    const notes = checkSettings(parseInfo(sound.replace('aof_enabled:1', 'aof_enabled:0')), 'redis://host');
    expect(notes).toEqual([expect.stringContaining('redis-cli CONFIG SET appendonly yes')]);
  });
});
