import { FileError } from '@hearken/core';
import { openPlainFile } from '@hearken/core/node';

const pointer = 'version https://git-lfs';

/**
 * Refuses what servers give in a file's place and call a success: a page that asks to log in, the pointer that a Git
 * repository keeps for a large file, nothing.
 *
 * @throws FileError naming the address
 */
export async function checkContent(path: string, url: string): Promise<void> {
  const { handle: file } = await openPlainFile(path);
  let start: string;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    start = buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
  const found =
    start === ''
      ? 'an empty file'
      : /^(?:\xef\xbb\xbf)?\s*<[!a-z?]/i.test(start)
        ? 'a web page'
        : start.startsWith(pointer)
          ? 'the pointer to a large file in its place (Git LFS)'
          : undefined;
  if (found === undefined) return;
  throw new FileError({
    asked: `'${url}'`,
    found,
    fix: 'open the address in a browser to see what it is, or name another place with --mirror',
  });
}
