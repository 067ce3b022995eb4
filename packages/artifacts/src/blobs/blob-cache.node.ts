import { link, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { FileError, OptionError } from '@hearken/core';
import { fileSha256, openPlainFile, writeFileAtomic } from '@hearken/core/node';
import { localFiles, markUsed, removeLeastUsed } from '../local/local-files.node.js';
import type { Artifacts } from '../store/artifacts.js';
import { FileArtifacts } from '../store/file-artifacts.node.js';
import { BlobClaims } from './blob-claims.node.js';

/** Where a blob comes from: a path on this machine, or an artifact. */
export type BlobSource =
  | string
  | {
      /** The store that has it. */
      readonly artifacts: Artifacts;
      /** Its key there. */
      readonly key: string;
    };

/** How blobs are kept. */
export interface BlobCacheOptions {
  /** Bytes that are kept; default: 50 GB. What is in use stays whatever it takes. */
  readonly maximumBytes?: number;
  /** Milliseconds since 1970, for tests. */
  readonly now?: () => number;
  /** Waits before looking whether another process has fetched a blob, for tests. */
  readonly wait?: () => Promise<unknown>;
}

/**
 * Files that are known by the SHA-256 of their content, such as checkpoints and archives of tasks: each is fetched once
 * by all processes of a machine, which share a folder. What was not used for longest is removed above a limit.
 */
export class BlobCache {
  readonly #maximumBytes: number;
  readonly #now: () => number;
  readonly #wait: () => Promise<unknown>;
  readonly #claims: BlobClaims;
  /** Files that this process has compared with a SHA-256: that, and the file's inode, size and time, by path. */
  readonly #verified = new Map<string, string>();
  /** Blobs in the folder that this process has compared with their SHA-256. */
  readonly #sound = new Set<string>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** @param folder is created when something is fetched */
  constructor(
    readonly folder: string,
    { maximumBytes = 50e9, now = Date.now, wait = () => setTimeout(200) }: BlobCacheOptions = {},
  ) {
    this.#maximumBytes = maximumBytes;
    this.#now = now;
    this.#wait = wait;
    this.#claims = new BlobClaims(folder, now);
  }

  /**
   * The path of the file with a SHA-256 on this machine: the source itself if it is a file here; otherwise it is fetched,
   * unless it was before. It stays until this process ends or releases it. The file must not be changed.
   *
   * @param sha256 64 hexadecimal digits
   * @throws FileError if the source is missing, has other content, or can't be fetched
   */
  async blob(sha256: string, source: BlobSource): Promise<string> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      const fix = 'pass 64 hexadecimal digits in lower case';
      throw new OptionError({ asked: 'a file by its SHA-256', found: `'${sha256}'`, fix });
    }
    const before = this.#turns.get(sha256) ?? Promise.resolve();
    const turn = before.then(() => this.#find(sha256, source));
    const settled = turn.catch(() => undefined);
    this.#turns.set(sha256, settled);
    void settled.then(() => this.#turns.get(sha256) === settled && this.#turns.delete(sha256));
    return turn;
  }

  /** Says that this process does not use a blob any more. */
  async release(sha256: string): Promise<void> {
    await this.#claims.release(sha256);
  }

  async #find(sha256: string, source: BlobSource): Promise<string> {
    if (typeof source === 'string') {
      if (await this.#matches(source, sha256)) return source;
      const cached = await this.#cached(sha256);
      if (cached !== undefined) return cached;
      await fileSha256(source);
      throw mismatch(`file '${source}'`, sha256);
    }
    if (source.artifacts instanceof FileArtifacts) return this.#fetched(sha256, source.artifacts, source.key);
    for (;;) {
      const found =
        (await this.#cached(sha256)) ??
        (await this.#claims.whileFetching(sha256, async () => this.#place(sha256, source.artifacts, source.key)));
      if (found !== undefined) return found;
      await this.#wait();
    }
  }

  /** The blob in the folder, marked as used; undefined if there is none, or it was damaged, and is removed. */
  async #cached(sha256: string): Promise<string | undefined> {
    const path = join(this.folder, sha256);
    const exists = () => stat(path).then(Boolean, () => false);
    if (!(await exists())) return undefined;
    // Before it is read, so that no process removes it meanwhile.
    await this.#claims.use(sha256);
    await markUsed(path, this.#now());
    if (this.#sound.has(sha256) || (await this.#matches(path, sha256))) {
      this.#sound.add(sha256);
      if (await exists()) return path;
    } else {
      await rm(path, { force: true });
    }
    await this.#claims.release(sha256);
    return undefined;
  }

  async #place(sha256: string, artifacts: Artifacts, key: string): Promise<string | undefined> {
    // Another process may have been quicker, before this one had its claim.
    const cached = await this.#cached(sha256);
    if (cached !== undefined) return cached;
    const from = await this.#fetched(sha256, artifacts, key);
    const path = join(this.folder, sha256);
    await this.#makeRoom((await stat(from)).size);
    try {
      // A second name costs nothing.
      await link(from, path);
      this.#sound.add(sha256);
    } catch {
      const { handle } = await openPlainFile(from);
      await writeFileAtomic(path, handle.createReadStream());
    }
    return this.#cached(sha256);
  }

  async #fetched(sha256: string, artifacts: Artifacts, key: string): Promise<string> {
    const path = await artifacts.fetch(key);
    if (path === undefined) {
      const fix = 'store it first, or check which store is used';
      throw new FileError({ asked: `the artifact '${key}'`, found: 'no such artifact', fix });
    }
    if (!(await this.#matches(path, sha256))) throw mismatch(`the artifact '${key}'`, sha256);
    return path;
  }

  async #matches(path: string, sha256: string): Promise<boolean> {
    const status = await stat(path).catch(() => undefined);
    if (status === undefined) return false;
    const state = `${sha256} ${status.ino} ${status.size} ${status.mtimeMs}`;
    if (this.#verified.get(path) === state) return true;
    if ((await fileSha256(path)) !== sha256) return false;
    this.#verified.set(path, state);
    return true;
  }

  async #makeRoom(bytes: number): Promise<void> {
    const files = (await localFiles(this.folder)).filter(({ path }) => /^[0-9a-f]{64}$/.test(basename(path)));
    const limit = Math.max(0, this.#maximumBytes - bytes);
    await removeLeastUsed(files, limit, ({ path }) => this.#claims.isUsed(basename(path)));
  }
}

function mismatch(asked: string, sha256: string): FileError {
  return new FileError({
    asked,
    found: `a SHA-256 other than ${sha256}`,
    fix: 'check that it is the right file and complete, or name its own SHA-256',
  });
}
