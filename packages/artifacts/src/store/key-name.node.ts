import { bytesSha256 } from '@hearken/core/node';
import { pathPart } from '@hearken/results/internal';

/** Longer names are cut, so that a key with its endings fits into any file system. */
const maximumLength = 80;

/**
 * Any text as a name in a key: the text itself if it is a plain name, else something like it with a part of its hash, so
 * that different texts have different names.
 */
export function keyName(text: string): string {
  const plain = pathPart(text);
  if (plain === text && text.length <= maximumLength) return text;
  return `${plain.slice(0, maximumLength)}-${bytesSha256(text).slice(0, 8)}`;
}
