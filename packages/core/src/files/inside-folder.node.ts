import { isAbsolute, relative, sep } from 'node:path';

/**
 * Whether a path is a folder itself or something below it, judged by the names alone: links have to be resolved before.
 *
 * @param folder an absolute path
 * @param path an absolute path; a relative one is inside nothing
 */
export function isInsideFolder(folder: string, path: string): boolean {
  const way = relative(folder, path);
  // On Windows, the way to another drive is absolute.
  return isAbsolute(path) && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
