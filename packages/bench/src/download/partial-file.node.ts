import { rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError } from '@hearken/core';
import { checkOutput, openOutput, readPlainText, writeFileAtomic, writing } from '@hearken/core/node';
import type { Checksum } from './checksum.node.js';

/** What is known of the file that a part belongs to. */
export interface PartState {
  readonly url: string;
  /** ETag or date that stands for exactly this content; null where the server gives none that does. */
  readonly validator: string | null;
  /** Bytes of the whole file; null where the server does not say. */
  readonly total: number | null;
  /** What the server says that it hashes to. */
  readonly checksum?: Checksum;
}

/** A download that is not whole yet: `<path>.part`, and what is known of it in `<path>.part.json`. */
export class PartialFile {
  #file: FileHandle | undefined;
  #size = 0;
  #state: PartState | undefined;

  private constructor(readonly target: string) {}

  /** Opens what an earlier download left, if it is of this URL; anything else is thrown away at `restart`. */
  static async open(target: string, url: string): Promise<PartialFile> {
    const part = new PartialFile(target);
    const state = await readState(part.#statePath);
    if (state?.url === url && state.validator !== null) {
      part.#state = state;
      part.#size = await stat(part.path).then(
        ({ size }) => size,
        () => 0,
      );
    }
    return part;
  }

  get path(): string {
    return `${this.target}.part`;
  }

  get #statePath(): string {
    return `${this.target}.part.json`;
  }

  /** Bytes that are there. */
  get size(): number {
    return this.#size;
  }

  get state(): PartState | undefined {
    return this.#state;
  }

  /** Begins anew, for content that is another than what is there. */
  async restart(state: PartState): Promise<void> {
    await this.close();
    this.#state = state;
    this.#size = 0;
    await writing(this.path, async () => {
      this.#file = await openOutput(this.path);
      await this.#file.truncate(0);
    });
    await writeFileAtomic(this.#statePath, `${JSON.stringify(state)}\n`);
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

  /** @throws FileError when the disk has no room for what is still to come */
  async checkRoom(): Promise<void> {
    const total = this.#state?.total ?? null;
    if (total === null) return;
    const { bavail, bsize } = await statfs(dirname(this.target));
    const needed = total - this.#size;
    if (needed <= bavail * bsize) return;
    throw new FileError({
      asked: `'${this.target}', ${needed} bytes more`,
      found: `${bavail * bsize} bytes free on the disk`,
      fix: 'free some space, or choose another folder',
    });
  }

  /** The whole file appears under its name. */
  async finish(): Promise<void> {
    await writing(this.path, async () => {
      this.#file ??= await openOutput(this.path, 'existing');
      await this.#file.sync();
    });
    await this.close();
    await writing(this.target, async () => {
      await checkOutput(this.target);
      await rename(this.path, this.target);
    });
    await rm(this.#statePath, { force: true });
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
    await rm(this.#statePath, { force: true });
    this.#size = 0;
    this.#state = undefined;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
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
