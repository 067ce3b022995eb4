import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isGone, processName, readPlainText, writeFileAtomic, writeNewFile } from '@hearken/core/node';
import { markUsed } from '../local/local-files.node.js';

/** How often a process shows that it is still fetching. */
const touchMilliseconds = 20_000;
/** A claim that was not touched for this long is left over, as far as can be told from another host. */
const claimMilliseconds = 120_000;
/** So is a mark of use; it is touched with each use. */
const useMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Which processes fetch and use the blobs of a folder. A claim that is taken for left over although it is not costs a
 * second download of the same content, nothing else.
 */
export class BlobClaims {
  constructor(
    readonly folder: string,
    readonly now: () => number,
  ) {}

  /** Runs `work` if no other process fetches this blob. @returns undefined if one does */
  async whileFetching<Result>(sha256: string, work: () => Promise<Result>): Promise<Result | undefined> {
    const path = join(this.folder, `.${sha256}.fetch`);
    if (!(await writeNewFile(path, processName()))) {
      if (await this.#isLeftOver(path)) await rm(path, { force: true });
      return undefined;
    }
    await markUsed(path, this.now());
    const timer = setInterval(() => void markUsed(path, this.now()), touchMilliseconds).unref();
    try {
      return await work();
    } finally {
      clearInterval(timer);
      await rm(path, { force: true });
    }
  }

  /** Notes that this process uses a blob. */
  async use(sha256: string): Promise<void> {
    const path = this.#mark(sha256);
    await writeFileAtomic(path, '');
    await markUsed(path, this.now());
  }

  /** Notes that this process does not use a blob any more. */
  async release(sha256: string): Promise<void> {
    await rm(this.#mark(sha256), { force: true });
  }

  /** Whether a process uses a blob; marks of those that have ended are removed. */
  async isUsed(sha256: string): Promise<boolean> {
    let isUsed = false;
    for (const name of await readdir(this.folder).catch(() => [])) {
      const writer = /^\.([0-9a-f]{64})\.([0-9a-f]{8}-\d+)\.use$/.exec(name);
      if (writer?.[1] !== sha256) continue;
      const path = join(this.folder, name);
      if (isGone(writer[2]) || (await this.#age(path)) > useMilliseconds) await rm(path, { force: true });
      else isUsed = true;
    }
    return isUsed;
  }

  #mark(sha256: string): string {
    return join(this.folder, `.${sha256}.${processName()}.use`);
  }

  async #isLeftOver(path: string): Promise<boolean> {
    const writer = await readPlainText(path, { maximumBytes: 100 }).catch(() => undefined);
    return writer !== undefined && (isGone(writer) || (await this.#age(path)) > claimMilliseconds);
  }

  async #age(path: string): Promise<number> {
    return stat(path).then(
      ({ mtimeMs }) => this.now() - mtimeMs,
      () => 0,
    );
  }
}
