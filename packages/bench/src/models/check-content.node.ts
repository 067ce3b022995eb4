import { FileError } from '@hearken/core';
import { openPlainFile } from '@hearken/core/node';

const pointer = 'version https://git-lfs';

/**
 * Refuses what servers send successfully instead of the file: a login page, a Git LFS pointer, nothing.
 *
 * @throws FileError with the URL
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
          ? 'a Git LFS pointer instead of the file'
          : undefined;
  if (found === undefined) return;
  throw new FileError({
    asked: `'${url}'`,
    found,
    fix: 'open the URL in a browser to see what it is, or choose another source with --mirror',
  });
}
