import { mkdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkOutput, createOutput, temporaryPath, writing } from '@hearken/core/node';
import { npyHeader } from '@hearken/signals/internal';

/** Room for the header of any shape that is written here: `npyHeader` pads it. */
const headerBytes = 128;

/**
 * A float32 `.npy` file that is written before its number of values is known. It gets its name when it is finished;
 * until then, no file of that name exists.
 */
export class NpyAppender {
  #position = headerBytes;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly file: FileHandle,
  ) {}

  /** @throws FileError if it cannot be written */
  static async open(path: string): Promise<NpyAppender> {
    const temporary = temporaryPath(path);
    return writing(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      await checkOutput(path);
      return new NpyAppender(path, temporary, await createOutput(temporary));
    });
  }

  /** @throws FileError if they cannot be written, for example on a full disk */
  async append(values: Float32Array): Promise<void> {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < values.length; index += 1) view.setFloat32(index * 4, values[index], true);
    await this.#write(bytes, this.#position);
    this.#position += bytes.length;
  }

  /**
   * Writes the header in front of the values, and gives the file its name.
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

  /** Removes the unfinished file; does nothing after `finish`. */
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
