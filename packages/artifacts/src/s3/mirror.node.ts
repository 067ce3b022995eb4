import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic, writing } from '@hearken/core/node';
import { type LocalFile, localFiles, markUsed, removeLeastUsed } from '../local/local-files.node.js';

/** What another process used this recently may be open there. */
const recentMilliseconds = 60_000;

/** Copies of artifacts on this machine, with a limit of their size. Several processes may share the folder. */
export class Mirror {
  /** Files that this process gave out. */
  readonly #inUse = new Set<string>();
  /** The size of all copies, as far as this process knows it. */
  #bytes: number | undefined;
  /** What looks for copies or removes them, one after the other: none may be given out and removed at the same time. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param now milliseconds since 1970, for tests */
  constructor(
    readonly folder: string,
    readonly maximumBytes: number,
    readonly now: () => number = Date.now,
  ) {}

  /** @param key a checked one */
  path(key: string): string {
    return join(this.folder, ...key.split('/'));
  }

  /** The copy of an artifact, which stays from now on; undefined if there is none. */
  async find(key: string): Promise<string | undefined> {
    const path = this.path(key);
    return this.#inTurn(async () => {
      await markUsed(path, this.now());
      const status = await lstat(path).catch(() => undefined);
      if (status?.isFile() !== true) return undefined;
      this.#inUse.add(path);
      return path;
    });
  }

  /** Writes a copy, whole or not at all, after making room for it. */
  async place(key: string, bytes: number, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    await this.#inTurn(() => this.#makeRoom(bytes));
    await writeFileAtomic(this.path(key), content);
  }

  async remove(key: string): Promise<void> {
    const path = this.path(key);
    this.#inUse.delete(path);
    await writing(path, () => rm(path, { force: true }));
  }

  /** From now on nothing that was given out so far is in use. */
  release(): void {
    this.#inUse.clear();
  }

  async #makeRoom(bytes: number): Promise<void> {
    if (this.#bytes === undefined || this.#bytes + bytes > this.maximumBytes) {
      const limit = Math.max(0, this.maximumBytes - bytes);
      const isKept = ({ path, used }: LocalFile) =>
        this.#inUse.has(path) || Math.abs(this.now() - used) < recentMilliseconds;
      this.#bytes = await removeLeastUsed(await localFiles(this.folder), limit, isKept);
    }
    this.#bytes += bytes;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
