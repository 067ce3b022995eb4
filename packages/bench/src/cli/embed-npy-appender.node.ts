import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkOutput, createOutput, writing } from '@hearken/core/node';
import { npyHeader } from '@hearken/signals/internal';

/** Room for the header of any shape that is written here: `npyHeader` fills it. */
const headerBytes = 128;

/**
 * A `.npy` file of float32 whose first values are there before their number is known. It gets its name when it is finished:
 * until then, and where it never is, there is nothing of that name.
 */
export class NpyAppender {
  #position = headerBytes;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly file: FileHandle,
  ) {}

  /** @throws FileError when it cannot be written */
  static async open(path: string): Promise<NpyAppender> {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
    return writing(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      await checkOutput(path);
      return new NpyAppender(path, temporary, await createOutput(temporary));
    });
  }

  /** @throws FileError when they cannot be written, such as on a full disk */
  async append(values: Float32Array): Promise<void> {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < values.length; index += 1) view.setFloat32(index * 4, values[index], true);
    await this.#write(bytes, this.#position);
    this.#position += bytes.length;
  }

  /**
   * Puts the header before the values, and gives the file its name.
   *
   * @param shape its product is the number of values
   */
  async finish(shape: readonly number[]): Promise<void> {
    await this.#write(npyHeader(shape), 0);
    await writing(this.path, async () => {
      await this.file.sync();
      await this.file.close();
      await checkOutput(this.path);
      await rename(this.temporary, this.path);
    });
  }

  /** Leaves nothing; after `finish` it does nothing. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await rm(this.temporary, { force: true });
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    await writing(this.path, async () => {
      for (let offset = 0; offset < bytes.length;) {
        offset += (await this.file.write(bytes, offset, bytes.length - offset, position + offset)).bytesWritten;
      }
    });
  }
}
