import { bytesSha256 } from '@hearken/core/node';
import { pathPart } from '@hearken/results/internal';
import { isKey } from './artifacts.js';

/** Longer names are cut to so many bytes, so that a key with its endings fits into any file system. */
const maximumBytes = 80;

/**
 * Any text as a name in a key: the text itself if it is a plain name, else something like it with a part of its hash, so
 * that different texts have different names.
 */
export function keyName(text: string): string {
  const plain = pathPart(text);
  if (plain === text && Buffer.byteLength(text) <= maximumBytes && isKey(text)) return text;
  let cut = plain.slice(0, maximumBytes);
  while (Buffer.byteLength(cut) > maximumBytes) cut = cut.slice(0, -1);
  // A reserved name stays reserved with an ending.
  return `${isKey(cut) ? cut : '_'}-${bytesSha256(text).slice(0, 8)}`;
}
