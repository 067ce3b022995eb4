import { rename, rm, statfs, utimes, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError } from '@hearken/core';
import { checkOutput, makeFolder, openOutput, readPlainText, writeFileAtomic, writing } from '@hearken/core/node';
import type { Checksum } from './checksum.node.js';
import { holdPart, leftParts, releasePart, removeLeftParts, statePathOf } from './left-parts.node.js';

/** What is known about the file that a part belongs to. */
export interface PartState {
  readonly url: string;
  /** ETag or date that identifies exactly this content; null if the server sends none that does. */
  readonly validator: string | null;
  /** Size of the whole file in bytes; null if the server does not say. */
  readonly total: number | null;
  /** The server's checksum of it. */
  readonly checksum?: Checksum;
}

/**
 * An incomplete download: `<path>.<process>-<random>.part`, and what is known about it in a `.part.json`. Each download
 * writes its own, so several processes may download the same file.
 */
export class PartialFile {
  #file: FileHandle | undefined;
  #size = 0;
  #state: PartState | undefined;

  private constructor(
    readonly target: string,
    readonly path: string,
  ) {}

  /** Begins with the largest part that an earlier download of this URL left, if there is one. */
  static async open(target: string, url: string): Promise<PartialFile> {
    await makeFolder(dirname(target));
    const part = new PartialFile(target, holdPart(target));
    try {
      await part.#adopt(url);
    } catch (cause) {
      await part.close();
      throw cause;
    }
    return part;
  }

  /** Of several downloads that want the same part, one can rename it. */
  async #adopt(url: string): Promise<void> {
    for (const left of await leftParts(this.target)) {
      const state = left.size === 0 ? undefined : await readState(statePathOf(left.path));
      if (state?.url !== url || state.validator === null) continue;
      // Written first: a part without it could not be adopted again.
      await this.#writeState(state);
      const isOwn = await takePart(left.path, this.path);
      await rm(statePathOf(isOwn ? left.path : this.path), { force: true });
      if (!isOwn) continue;
      this.#state = state;
      this.#size = left.size;
      return;
    }
  }

  get #statePath(): string {
    return statePathOf(this.path);
  }

  #writeState(state: PartState): Promise<void> {
    return writeFileAtomic(this.#statePath, `${JSON.stringify(state)}\n`);
  }

  /** Number of bytes received so far. */
  get size(): number {
    return this.#size;
  }

  get state(): PartState | undefined {
    return this.#state;
  }

  /** Starts over with different content. What earlier downloads left is of no use then, and removed to free its space. */
  async restart(state: PartState): Promise<void> {
    await this.#closeFile();
    await removeLeftParts(this.target);
    this.#state = state;
    this.#size = 0;
    await writing(this.path, async () => {
      this.#file = await openOutput(this.path);
      await this.#file.truncate(0);
    });
    await this.#writeState(state);
  }

  async append(bytes: Uint8Array): Promise<void> {
    await writing(this.path, async () => {
      this.#file ??= await openOutput(this.path, 'existing');
      for (let offset = 0; offset < bytes.length;) {
        const { bytesWritten } = await this.#file.write(bytes, offset, bytes.length - offset, this.#size);
        offset += bytesWritten;
        this.#size += bytesWritten;
      }
    });
  }

  /** @throws FileError if the disk has too little space for the rest */
  async checkRoom(): Promise<void> {
    const total = this.#state?.total ?? null;
    if (total === null) return;
    const { bavail, bsize } = await statfs(dirname(this.target));
    const needed = total - this.#size;
    if (needed <= bavail * bsize) return;
    throw new FileError({
      asked: `to download ${needed} more bytes of '${this.target}'`,
      found: `${bavail * bsize} bytes free on the disk`,
      fix: 'free some space, or choose another folder',
    });
  }

  /** Gives the complete file its name. If another download has done so, this one replaces it with the same content. */
  async finish(): Promise<void> {
    await writing(this.path, async () => {
      this.#file ??= await openOutput(this.path, 'existing');
      await this.#file.sync();
    });
    await this.#closeFile();
    await writing(this.target, async () => {
      await checkOutput(this.target);
      await rename(this.path, this.target);
    });
    await rm(this.#statePath, { force: true });
    await removeLeftParts(this.target);
  }

  async discard(): Promise<void> {
    await this.#closeFile();
    await rm(this.path, { force: true });
    await rm(this.#statePath, { force: true });
    this.#size = 0;
    this.#state = undefined;
  }

  /** Leaves what was received to a later download. */
  async close(): Promise<void> {
    await this.#closeFile();
    releasePart(this.path);
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

/** Whether this process is the one that renamed it. */
async function takePart(from: string, to: string): Promise<boolean> {
  try {
    // To other hosts, its time says whether it is still written.
    await utimes(from, new Date(), new Date());
    await rename(from, to);
    return true;
  } catch {
    return false;
  }
}

async function readState(path: string): Promise<PartState | undefined> {
  try {
    const { url, validator, total, checksum } = JSON.parse(
      await readPlainText(path, { maximumBytes: 2 ** 16 }),
    ) as Partial<PartState>;
    if (typeof url !== 'string' || typeof validator !== 'string') return undefined;
    if (total !== null && !(Number.isSafeInteger(total) && total! >= 0)) return undefined;
    return { url, validator, total: total ?? null, ...(checksum === undefined ? {} : { checksum }) };
  } catch {
    return undefined;
  }
}
