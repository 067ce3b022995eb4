import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { FileError } from '@hearken/core';
import { writing } from '@hearken/core/node';
import { type Artifacts, checkKey } from '../store/artifacts.js';
import { isUnfinished } from '../store/file-artifacts.node.js';
import { checkConditions } from './check-conditions.node.js';
import { beginDownload, NotWhole, sha256Field } from './download.node.js';
import { Mirror } from './mirror.node.js';
import { S3Requests } from './s3-client.node.js';
import { isUnanswered, statusOf } from './s3-errors.js';
import { keyOf, objectName, parseS3Url, type S3Location } from './s3-location.js';

/** How artifacts in an S3-compatible store are used. */
export interface S3Options {
  /** The folder for copies of what is fetched, on this machine. */
  readonly mirror: string;
  /** Bytes of copies that are kept; default: 50 GB. What this process fetched stays whatever it takes. */
  readonly mirrorBytes?: number;
  /** Larger objects are not downloaded; default: 5 GiB, which is also the most that is written. */
  readonly maximumBytes?: number;
  /** A longer list is refused; default: 2 million. */
  readonly maximumKeys?: number;
  /** Milliseconds to wait before a request that failed so often is repeated, for tests. */
  readonly retryDelay?: (failures: number, isThrottled: boolean) => number;
  /** Milliseconds since 1970, for tests. */
  readonly now?: () => number;
}

/** The most that a store takes in one request. */
const largestObject = 5 * 2 ** 30;
/** The metadata that holds the name of one write. */
const writeField = 'hearken-write';

/**
 * Artifacts as objects of an S3-compatible store that takes conditional writes (`If-None-Match: *`), with copies of what
 * was fetched on this machine. Credentials come from the environment, as AWS's tools find them.
 */
export class S3Artifacts implements Artifacts {
  readonly #requests: S3Requests;
  readonly #mirror: Mirror;
  readonly #maximumBytes: number;
  readonly #maximumKeys: number;
  readonly #fetching = new Map<string, Promise<string | undefined>>();

  private constructor(requests: S3Requests, options: S3Options) {
    this.#requests = requests;
    this.#mirror = new Mirror(options.mirror, options.mirrorBytes ?? 50e9, options.now);
    this.#maximumBytes = options.maximumBytes ?? largestObject;
    this.#maximumKeys = options.maximumKeys ?? 2_000_000;
  }

  /**
   * Opens a store, and checks that it refuses to write an object twice where it is told so.
   *
   * @param location an URL, see {@link parseS3Url}
   * @throws OptionError for an URL that says no such place, or if `@aws-sdk/client-s3` is not installed; FileError if the
   *   store can't be reached, or does not do as it is told
   */
  static async open(location: string | S3Location, options: S3Options): Promise<S3Artifacts> {
    const place = typeof location === 'string' ? parseS3Url(location) : location;
    const requests = await S3Requests.open(place, options.retryDelay);
    try {
      await checkConditions(requests);
    } catch (error) {
      requests.client.destroy();
      throw error;
    }
    return new S3Artifacts(requests, options);
  }

  async has(key: string): Promise<boolean> {
    return (await this.#head(this.#name(key))) !== undefined;
  }

  async fetch(key: string): Promise<string | undefined> {
    const name = this.#name(key);
    const begun = this.#fetching.get(key);
    if (begun !== undefined) return begun;
    const fetching = this.#fetch(key, name).finally(() => this.#fetching.delete(key));
    this.#fetching.set(key, fetching);
    return fetching;
  }

  async write(key: string, content: Uint8Array, { replace = false } = {}): Promise<boolean> {
    const name = this.#name(key);
    if (content.length > Math.min(this.#maximumBytes, largestObject)) {
      throw new FileError({
        asked: `to write 's3://${this.#requests.location.bucket}/${name}'`,
        found: `${content.length} bytes`,
        fix: `keep artifacts under ${Math.min(this.#maximumBytes, largestObject)}`,
      });
    }
    const isStored = await this.#put(name, content, replace);
    // The copy saves a download; without it nothing is wrong, but an older one must not stay.
    if (isStored) await this.#mirror.place(key, content.length, content).catch(() => this.#mirror.remove(key));
    return isStored;
  }

  async list(folder: string): Promise<string[]> {
    const prefix = `${this.#name(folder)}/`;
    const keys: string[] = [];
    let token: string | undefined;
    // A page without keys is possible, but not for ever.
    let pages = 0;
    do {
      const page = await this.#requests.list(prefix, token).catch((error: unknown) => {
        throw this.#requests.error('list', prefix, error);
      });
      for (const { Key: name = '' } of page.Contents ?? []) {
        const key = keyOf(this.#requests.location, page.EncodingType === 'url' ? decoded(name) : name);
        if (key?.startsWith(`${folder}/`) === true && !isUnfinished(key)) keys.push(key);
      }
      pages += 1;
      token = page.IsTruncated === true ? (page.NextContinuationToken ?? '') : undefined;
      if (token === '' || keys.length > this.#maximumKeys || pages > 100 + this.#maximumKeys / 100)
        throw this.#endless(prefix);
    } while (token !== undefined);
    return [...new Set(keys)].sort();
  }

  async remove(key: string): Promise<void> {
    const name = this.#name(key);
    await this.#requests.delete(name).catch((error: unknown) => {
      if (statusOf(error) !== 404) throw this.#requests.error('remove', name, error);
    });
    await this.#mirror.remove(key);
  }

  async removeAll(folder: string): Promise<void> {
    for (const key of await this.list(folder)) await this.remove(key);
    // Unfinished work is only on this machine.
    const path = this.localPath(folder);
    await writing(path, () => rm(path, { recursive: true, force: true }));
  }

  localPath(key: string): string {
    return this.#mirror.path(checkKey(key));
  }

  /** Says that nothing that was fetched so far is used any more, so that its copies may be removed. */
  release(): void {
    this.#mirror.release();
  }

  /** Closes the connections. */
  close(): void {
    this.#requests.client.destroy();
  }

  #name(key: string): string {
    return objectName(this.#requests.location, key);
  }

  async #head(name: string) {
    return this.#requests.head(name).catch((error: unknown) => {
      if (statusOf(error) === 404) return undefined;
      throw this.#requests.error('read', name, error);
    });
  }

  async #fetch(key: string, name: string): Promise<string | undefined> {
    let copy = await this.#mirror.find(key);
    let found = 'a copy that was removed at once';
    for (let attempt = 1; copy === undefined && attempt <= 3; attempt += 1) {
      try {
        const download = await beginDownload(this.#requests, name, this.#maximumBytes);
        if (download === undefined) return undefined;
        await this.#mirror.place(key, download.bytes, download.content).finally(() => download.close());
      } catch (error) {
        if (!(error instanceof NotWhole)) throw this.#requests.error('read', name, error);
        found = error.message;
      }
      copy = await this.#mirror.find(key);
    }
    if (copy !== undefined) return copy;
    throw new FileError({
      asked: `to read 's3://${this.#requests.location.bucket}/${name}'`,
      found,
      fix: 'try again; if it stays so, remove the object',
    });
  }

  async #put(name: string, content: Uint8Array, replace: boolean): Promise<boolean> {
    const write = randomBytes(16).toString('hex');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const input = {
      Metadata: { [sha256Field]: sha256, [writeField]: write },
      ...(replace ? {} : { IfNoneMatch: '*' }),
    };
    try {
      await this.#requests.put(name, content, input);
      return true;
    } catch (error) {
      if (replace) throw this.#requests.error('write', name, error);
      const attempts = (error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1;
      if (statusOf(error) === 412 && attempts === 1) return false;
      if (statusOf(error) !== 412 && !isUnanswered(error)) throw this.#requests.error('write', name, error);
      // An earlier attempt may have been stored although its answer was lost: the object says whose it is.
      const found = await this.#head(name);
      if (found === undefined && statusOf(error) !== 412) throw this.#requests.error('write', name, error);
      return found?.Metadata?.[writeField] === write;
    }
  }

  #endless(prefix: string): FileError {
    return new FileError({
      asked: `to list 's3://${this.#requests.location.bucket}/${prefix}'`,
      found: `more than ${this.#maximumKeys} objects, or pages that do not end`,
      fix: 'check that the endpoint is an S3-compatible store, and remove what is not needed',
    });
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch (cause) {
    if (cause instanceof URIError) return '';
    throw cause;
  }
}
