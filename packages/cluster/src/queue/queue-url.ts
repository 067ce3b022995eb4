import { didYouMean, OptionError } from '@hearken/core';

/** Where the server of a queue is, as a URL says it. */
export interface QueueLocation {
  /** The path of a Unix socket; then there is no `host`. */
  readonly path?: string;
  /** A host name or address, IPv6 without brackets. */
  readonly host?: string;
  /** The port of the host; default 6379. */
  readonly port: number;
  /** Whether the connection is encrypted: `rediss://`. */
  readonly tls: boolean;
  /** The number of the database; default 0. */
  readonly database: number;
  /** The name of the user; default: that of Redis, `default`. */
  readonly username?: string;
  /** The password, if it is part of the URL. */
  readonly password?: string;
  /** The URL without its password, for messages. */
  readonly shown: string;
}

const examples = 'redis://HOST:6379, rediss://HOST:6380 (TLS) or unix:/run/redis/redis.sock';
const schemes = ['redis', 'rediss', 'unix'];
/** Longer than any host name, path and password together; also bounds what is searched. */
const maximumLength = 4096;

/**
 * Reads the URL of a queue's server: `redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`, `rediss://` for TLS, or
 * `unix:/PATH` with an optional `?db=DATABASE`. Parts with special characters are percent-encoded.
 *
 * @throws OptionError for anything else; no message repeats a password
 */
export function parseQueueUrl(url: string): QueueLocation {
  if (url.length > maximumLength) throw refused('...', `${url.length} characters`, `write it as ${examples}`);
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/isu.exec(url) ?? [];
  // Without a scheme, what stands before a colon may be a host, and what comes after it a password.
  if (scheme === undefined || (!schemes.includes(scheme.toLowerCase()) && !rest.startsWith('//'))) {
    throw refused('...', 'not a URL of Redis or Valkey', `write it as ${examples}`);
  }
  if (!schemes.includes(scheme.toLowerCase())) {
    const fix = `${didYouMean(scheme, schemes)}write it as ${examples}`;
    throw refused(`${scheme}://...`, `the scheme '${scheme}'`, fix);
  }
  return scheme.toLowerCase() === 'unix' ? parseSocket(rest) : parseAddress(scheme.toLowerCase(), rest);
}

function parseSocket(rest: string): QueueLocation {
  const [, written = '', query] = /^(?:\/\/(?=\/))?([^?#]*)(?:\?([^#]*))?$/su.exec(rest) ?? [];
  const path = decoded(written, 'unix:...', 'path');
  // Two slashes: the host of another kind of URL, perhaps with a password.
  if (!/^\/(?!\/)/.test(path) || path.includes('\0') || path.endsWith('/')) {
    throw refused('unix:...', 'no absolute path of a socket', 'write it as unix:/run/redis/redis.sock');
  }
  const database = query === undefined ? undefined : /^db=(.*)$/su.exec(query)?.[1];
  if (query !== undefined && database === undefined) {
    throw refused(`unix:${written}?...`, 'a parameter that is not known', 'the only one is db, as in ?db=1');
  }
  const number = parseDatabase(database, `unix:${written}`);
  const shown = `unix:${written}${number === 0 ? '' : `?db=${number}`}`;
  return { path, port: 0, tls: false, database: number, shown };
}

function parseAddress(scheme: string, rest: string): QueueLocation {
  const hidden = `${scheme}://...`;
  // The last @ ends the user: a password with an @ that is not encoded must not become part of the host.
  const [, authority, path = ''] = /^\/\/([^/?#]*)(\/[^?#]*)?$/su.exec(rest) ?? [];
  if (authority === undefined) {
    const fix = `write it as ${examples}, and special characters of a password percent-encoded (/ as %2F)`;
    throw refused(hidden, 'a URL with other parts', fix);
  }
  const at = authority.lastIndexOf('@');
  const { host, port } = parseHost(authority.slice(at + 1), hidden);
  const { username, password } = parseUser(at < 0 ? '' : authority.slice(0, at), hidden);
  const address = host.includes(':') ? `[${host}]` : host;
  const user = username === undefined ? '' : `${encodeURIComponent(username)}@`;
  const start = `${scheme}://${user}${address}:${port}`;
  const database = parseDatabase(path.replace(/^\//, '') || undefined, start);
  const shown = `${start}${database === 0 ? '' : `/${database}`}`;
  return {
    host,
    port,
    tls: scheme === 'rediss',
    database,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    shown,
  };
}

function parseHost(text: string, hidden: string): { host: string; port: number } {
  const [, bracketed, plain, port = '6379'] =
    /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_.-]{1,253}))(?::(\d{1,5}))?$/iu.exec(text) ?? [];
  const host = bracketed ?? plain;
  // What is left may be a part of a password, so that it is not repeated.
  if (host === undefined) throw refused(hidden, 'no host, or a port that is not a number', `write it as ${examples}`);
  if (bracketed !== undefined && !URL.canParse(`http://[${bracketed}]`)) {
    throw refused(hidden, 'brackets without an IPv6 address', 'write it as redis://[::1]:6379');
  }
  const number = Number(port);
  if (number < 1 || number > 65535) throw refused(hidden, `port ${port}`, 'write a port from 1 to 65535');
  return { host, port: number };
}

function parseUser(text: string, hidden: string): { username?: string; password?: string } {
  const colon = text.indexOf(':');
  const username = decoded(colon < 0 ? text : text.slice(0, colon), hidden, 'user');
  const password = colon < 0 ? '' : decoded(text.slice(colon + 1), hidden, 'password');
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
}

function parseDatabase(text: string | undefined, shown: string): number {
  if (text === undefined) return 0;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw refused(shown, 'a database that is not a number', 'write its number, or nothing for database 0');
}

function decoded(text: string, shown: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused(shown, `a ${part} with a % that encodes nothing`, 'write a percent sign as %25');
  }
}

function refused(shown: string, found: string, fix: string): OptionError {
  return new OptionError({ asked: `the queue '${shown}'`, found, fix });
}
