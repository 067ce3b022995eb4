import type { FileHandle } from 'node:fs/promises';
import { AudioError } from '@hearken/core';
import { openPlainFile, type PlainFile, type PlainFileOptions, type UnreadableFile } from '@hearken/core/node';
import { readSource, sourceFrom, type ByteSource } from './byte-source.js';
import { readableContent } from './decode-with.js';
import { findContent } from './detect-content.js';
import { soundFinder } from './pcm/find-sound.js';
import type { SoundLayout } from './pcm/sound-layout.js';

/** Larger files are refused before they are read, except for uncompressed ones that are read in pieces. */
export const maximumBytes = 2 ** 30;
/** Smaller files are read at once. */
const wholeBytes = 2 ** 22;

/** Samples of a file that needs no decoder. */
export interface PlainSound {
  readonly source: ByteSource;
  readonly layout: SoundLayout;
}

/**
 * Opens a file, and finds its samples if it is uncompressed and large. The file is closed once `use` is done. If it is
 * not audio, only enough is read to find that out.
 *
 * @param use is passed undefined for a small file and for one that needs a decoder
 * @throws AudioError if it can't be read, is not audio, or is damaged
 */
export async function withPlainSound<Value>(
  path: string,
  { within }: Pick<PlainFileOptions, 'within'>,
  use: (sound: PlainSound | undefined) => Promise<Value>,
): Promise<Value> {
  const { handle, size }: PlainFile = await openPlainFile(path, { refuse: refusalOf(path), within });
  try {
    return await use(size > wholeBytes ? await findPlainSound(fileSource(handle, size), path) : undefined);
  } finally {
    await handle.close();
  }
}

async function findPlainSound(file: ByteSource, path: string): Promise<PlainSound | undefined> {
  const content = await readSource(findContent(file.size), file);
  // A file that is too large is refused by its size.
  if (content?.format === undefined && file.size > maximumBytes) return undefined;
  const { format, offset } = readableContent(content, file.size, path);
  const find = soundFinder(format);
  if (find === undefined) return undefined;
  const source = sourceFrom(file, offset);
  const layout = await readSource(find(source.size, path), source);
  return 'encloses' in layout ? undefined : { source, layout };
}

const fixes: Readonly<Record<string, string>> = {
  'too-large': 'cut it into shorter files',
  'not-a-file': 'pass an audio file',
};

/** Errors for files that cannot be read. */
export function refusalOf(path: string): (why: UnreadableFile) => AudioError {
  return ({ reason, found, fix, cause }) =>
    new AudioError({ asked: `audio file '${path}'`, found, fix: fixes[reason] ?? fix, cause });
}

/** Reads an open file in pieces; the caller closes it. */
function fileSource(handle: FileHandle, size: number): ByteSource {
  return {
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      for (let filled = 0; filled < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
        // The file became shorter: the caller notices the missing bytes.
        if (bytesRead === 0) return bytes.subarray(0, filled);
        filled += bytesRead;
      }
      return bytes;
    },
  };
}
