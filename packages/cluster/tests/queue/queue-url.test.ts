import { OptionError } from '@hearken/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQueueUrl, type QueueLocation } from '../../src/queue/queue-url.js';

describe('parseQueueUrl', () => {
  it.each<[string, Partial<QueueLocation>]>([
    ['redis://host', { host: 'host', port: 6379, tls: false, database: 0, shown: 'redis://host:6379' }],
    ['rediss://host.example:7000/3', { host: 'host.example', port: 7000, tls: true, database: 3 }],
    ['REDIS://10.0.0.1/', { host: '10.0.0.1', shown: 'redis://10.0.0.1:6379' }],
    ['redis://[::1]:6380', { host: '::1', port: 6380, shown: 'redis://[::1]:6380' }],
    ['redis://:secret@host', { host: 'host', password: 'secret', shown: 'redis://host:6379' }],
    [
      'redis://me:s%40c%2Fret@host/1',
      { username: 'me', password: 's@c/ret', database: 1, shown: 'redis://me@host:6379/1' },
    ],
    ['redis://me@host', { username: 'me', shown: 'redis://me@host:6379' }],
    ['redis://:a@b@host', { password: 'a@b', host: 'host' }],
    ['redis://:a:b@host', { password: 'a:b', host: 'host' }],
    ['unix:/run/redis/redis.sock', { path: '/run/redis/redis.sock', shown: 'unix:/run/redis/redis.sock' }],
    ['unix:///run/a%20b', { path: '/run/a b', database: 0 }],
    ['unix:/run/redis?db=2', { path: '/run/redis', database: 2, shown: 'unix:/run/redis?db=2' }],
  ])('reads %s', (url, expected) => {
    const location = parseQueueUrl(url);
    expect(location).toMatchObject(expected);
    if (!('password' in expected)) expect(location).not.toHaveProperty('password');
    if (!('username' in expected)) expect(location).not.toHaveProperty('username');
  });

  it.each([
    ['', /not a URL of Redis or Valkey; write it as redis:\/\/HOST:6379, rediss:/],
    ['host:6379', /not a URL/],
    ['redi://host', /the scheme 'redi'; did you mean 'redis'\?/],
    ['http://host', /the scheme 'http'; write it as/],
    ['redis:host', /a URL with other parts/],
    ['redis://', /no host/],
    ['redis://host:port', /a port that is not a number/],
    ['redis://host:0', /port 0; write a port from 1 to 65535/],
    ['redis://host:65536', /port 65536/],
    ['redis://host/zero', /'redis:\/\/host:6379': a database that is not a number/],
    ['redis://host/1/2', /a database that is not a number/],
    ['redis://host?db=1', /a URL with other parts/],
    ['redis://[1.2.3]', /brackets without an IPv6 address/],
    ['redis://:50%@host', /a password with a % that encodes nothing; write a percent sign as %25/],
    ['unix:run/redis.sock', /no absolute path/],
    ['unix:/run/', /no absolute path/],
    ['unix:/run/%00', /no absolute path/],
    ['unix:/run/redis?database=1', /a parameter that is not known; the only one is db/],
    ['unix:/run/redis?db=-1', /a database that is not a number/],
    [`redis://${'a'.repeat(5000)}`, /5008 characters/],
  ])('refuses %s', (url, message) => {
    expect(() => parseQueueUrl(url)).toThrow(OptionError);
    expect(() => parseQueueUrl(url)).toThrow(message);
  });

  it.each([
    'redis://:topsecret@host:port',
    'redis://:top/topsecret@host',
    'redis://:topsecret%@host',
    'redis://:topsecret@',
    'redis://:topsecret@host/x',
    'rdis://:topsecret@host',
    'unix://me:topsecret@host/path',
    'me:topsecret@host',
    ':topsecret@host',
  ])('does not repeat a password: %s', (url) => {
    expect(() => parseQueueUrl(url)).toThrow(OptionError);
    expect(() => parseQueueUrl(url)).not.toThrow(/topsecret/);
  });

  it('is never anything but a location or an OptionError', () => {
    const parts = fc.array(
      fc.constantFrom('redis', 'rediss', 'unix', ':', '//', '/', '?', '#', '@', '%', '[', ']', 'db=1', '1', 'é', '\0'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          parts.map((list) => list.join('')),
          parts.map((list) => `redis://${list.join('')}`),
        ),
        (url) => {
          let location: QueueLocation;
          try {
            location = parseQueueUrl(url);
          } catch (error) {
            expect(error).toBeInstanceOf(OptionError);
            return;
          }
          expect((location.path === undefined) === (location.host === undefined)).toBe(false);
          expect(location.database).toBeGreaterThanOrEqual(0);
          // What is shown leads to the same place, without a password.
          const { password: _password, ...rest } = location;
          expect(parseQueueUrl(location.shown)).toEqual(rest);
        },
      ),
    );
  });

  it('reads what a URL was made of, and shows all of it but the password', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.option(text, { nil: undefined }),
        fc.option(text, { nil: undefined }),
        fc.domain().filter((host) => host.length <= 253),
        fc.integer({ min: 1, max: 65535 }),
        fc.nat({ max: 99 }),
        (tls, username, password, host, port, database) => {
          const user = encodeURIComponent(username ?? '');
          const login = password === undefined ? user : `${user}:${encodeURIComponent(password)}`;
          const url = `redis${tls ? 's' : ''}://${login === '' ? '' : `${login}@`}${host}:${port}/${database}`;
          const { shown, ...location } = parseQueueUrl(url);
          const given = {
            ...(username === undefined ? {} : { username }),
            ...(password === undefined ? {} : { password }),
          };
          expect(location).toEqual({ host, port, tls, database, ...given });
          expect(shown).toContain(`${host}:${port}`);
        },
      ),
    );
  });
});
