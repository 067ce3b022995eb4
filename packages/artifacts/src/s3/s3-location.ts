import { didYouMean, OptionError } from '@hearken/core';
import { checkKey } from '../store/artifacts.js';

/** Where artifacts are in an S3-compatible store, as an URL says it. Credentials are no part of it. */
export interface S3Location {
  /** The bucket. */
  readonly bucket: string;
  /** What the names of all objects begin with, without a slash at the end; empty: they are at the top of the bucket. */
  readonly prefix: string;
  /** The address of the server; default: that of AWS. */
  readonly endpoint?: string;
  /** The region; default: what the environment says, and `us-east-1` for an endpoint of one's own. */
  readonly region?: string;
  /** Whether the bucket stands in the path, not in the host name; default: for an endpoint of one's own. */
  readonly forcePathStyle?: boolean;
}

const parameters = ['endpoint', 'region', 'forcePathStyle'];
const example = 's3://bucket/prefix?endpoint=http://127.0.0.1:9000&region=us-east-1';

/**
 * Reads the URL of a place in an S3-compatible store, such as
 * `s3://bucket/prefix?endpoint=http://127.0.0.1:9000&region=us-east-1`.
 *
 * @throws OptionError for anything else, such as an URL with credentials, which is not repeated in the message
 */
export function parseS3Url(url: string): S3Location {
  const [, host, path = '', query = ''] = /^s3:\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/u.exec(url) ?? [];
  if (host === undefined) throw refused(withoutSecrets(url), 'not an s3:// URL', `write it as ${example}`);
  if (host.includes('@')) {
    throw refused(withoutSecrets(url), 'credentials in an URL', `remove them, and ${howToGiveCredentials}`);
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(host)) {
    throw refused(url, `a bucket '${host}'`, 'name a bucket: 3 to 63 lower-case letters, digits, dots and hyphens');
  }
  return { bucket: host, prefix: parsePrefix(path, url), ...parseQuery(query, url) };
}

/** The name of the object with an artifact. */
export function objectName({ prefix }: S3Location, key: string): string {
  const name = prefix === '' ? checkKey(key) : `${prefix}/${checkKey(key)}`;
  const bytes = new TextEncoder().encode(name).length;
  if (bytes <= 1024) return name;
  throw new OptionError({
    asked: `an artifact '${key}'`,
    found: `an object name of ${bytes} bytes`,
    fix: 'choose a shorter prefix: a store takes up to 1024',
  });
}

/** The key of the artifact in an object; undefined if the object is not one. */
export function keyOf({ prefix }: S3Location, name: string): string | undefined {
  const start = prefix === '' ? '' : `${prefix}/`;
  if (!name.startsWith(start)) return undefined;
  try {
    return checkKey(name.slice(start.length));
  } catch {
    return undefined;
  }
}

/** How users say who they are: the end of a sentence. */
export const howToGiveCredentials =
  'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, in the environment';

function parsePrefix(path: string, url: string): string {
  const prefix = path.replace(/^\//, '').replace(/\/$/, '');
  try {
    return prefix === '' ? '' : checkKey(prefix);
  } catch (cause) {
    if (!(cause instanceof OptionError)) throw cause;
    throw refused(url, `a prefix '${prefix}' that is not a path of plain names`, cause.fix);
  }
}

function parseQuery(query: string, url: string): Omit<S3Location, 'bucket' | 'prefix'> {
  const found = new URLSearchParams(query);
  for (const name of found.keys()) {
    if (!parameters.includes(name)) {
      const fix = `${didYouMean(name, parameters)}known ones are ${parameters.join(', ')}`;
      throw refused(withoutSecrets(url), `an unknown parameter '${name}'`, fix);
    }
    if (found.getAll(name).length > 1) throw refused(url, `the parameter '${name}' more than once`, 'pass it once');
  }
  const [endpoint, region, style] = parameters.map((name) => found.get(name) ?? undefined);
  if (region !== undefined && !/^[a-z0-9-]{1,64}$/.test(region)) {
    throw refused(url, `a region '${region}'`, 'write it as us-east-1');
  }
  if (style !== undefined && style !== 'true' && style !== 'false') {
    throw refused(url, `forcePathStyle '${style}'`, 'write true or false');
  }
  return {
    ...(endpoint === undefined ? {} : { endpoint: parseEndpoint(endpoint, url) }),
    ...(region === undefined ? {} : { region }),
    ...(style === undefined ? {} : { forcePathStyle: style === 'true' }),
  };
}

function parseEndpoint(text: string, url: string): string {
  const endpoint = URL.canParse(text) ? new URL(text) : undefined;
  if (endpoint === undefined || !/^https?:$/.test(endpoint.protocol)) {
    throw refused(withoutSecrets(url), 'an endpoint that is not an address', 'write it as http://127.0.0.1:9000');
  }
  if (endpoint.username !== '' || endpoint.password !== '') {
    throw refused(withoutSecrets(url), 'credentials in the endpoint', `remove them, and ${howToGiveCredentials}`);
  }
  if (endpoint.search !== '' || endpoint.hash !== '') {
    throw refused(url, 'an endpoint with a query', 'write it as http://127.0.0.1:9000');
  }
  return endpoint.href.replace(/\/$/, '');
}

/** What can be shown of an URL that may hold a password. */
function withoutSecrets(url: string): string {
  const start = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0] ?? '';
  return `${start}...`;
}

function refused(url: string, found: string, fix: string): OptionError {
  return new OptionError({ asked: `the store '${url}'`, found, fix });
}
