import { readBytes, type ByteReader } from './byte-source.js';
import { kindOf, textKind } from './content-kind.js';
import type { Content } from './format.js';
import { paddingBytes, tagBytes, tagHeadBytes } from './leading-bytes.js';
import { frameChainBytes, framesAt } from './mpeg-frame.js';

/** The most leading tags and runs of padding to skip. */
const maximumSkips = 64;
/** How many bytes identify content whose beginning is known. */
const headBytes = 4096;
/** How many unknown bytes after tags and padding to search for the first frame of MPEG audio. */
const searchedBytes = 65_536;

/** What a file in memory is, judged by its content rather than its name; undefined if unknown. */
export function detectContent(bytes: Uint8Array): Content | undefined {
  return readBytes(findContent(bytes.length), bytes);
}

/**
 * Identifies a file by its content, and finds where that begins. Skips ID3v2 and APE tags and padding (zeros or 0xFF,
 * up to 1 MiB each time), whatever follows them. Frames of MP3 and AAC are also found after up to 64 KiB of anything
 * else, if each is followed by others of the same kind.
 *
 * @param size the file's size in bytes
 * @returns undefined if it is not of a known kind
 */
export function* findContent(size: number): ByteReader<Content | undefined> {
  let offset = 0;
  let tagged = false;
  let padded = false;
  for (let skips = 0; skips < maximumSkips && offset < size; skips += 1) {
    const tag = tagBytes(yield { offset, length: tagHeadBytes });
    if (tag > 0) {
      offset += tag;
      tagged = true;
      continue;
    }
    const known = yield* contentAt(offset, !padded);
    if (known !== undefined) return known;
    const padding = yield* paddingBytes(offset);
    if (padding === 0) break;
    // Apparent padding may end with the first bytes of the content: an MP4 box begins with its size.
    for (let back = 1; back < Math.min(4, padding + 1); back += 1) {
      const behind = yield* contentAt(offset + padding - back, false);
      if (behind !== undefined) return behind;
    }
    offset += padding;
    padded = true;
  }
  if (size > 0 && offset >= size) {
    const words = tagged ? 'a tag and nothing after it' : 'nothing but zeros';
    return { words, fix: 'the file is damaged or empty: copy or download it again', offset: 0 };
  }
  return yield* searchFrames(Math.max(0, offset - 1));
}

/** What is at an offset; text and a single MPEG audio frame only count if content is `due` there. */
function* contentAt(offset: number, due: boolean): ByteReader<Content | undefined> {
  const head = yield { offset, length: headBytes };
  const kind = kindOf(head, due);
  if (kind !== undefined) return { ...kind, offset };
  if (!due) return undefined;
  if (head[0] === 0xff) {
    const format = framesAt(yield { offset, length: frameChainBytes }, 0, true);
    if (format !== undefined) return { format, offset };
    // Only text in UTF-16 begins like this; many MPEG audio frames consist of letters only.
    if (head[1] !== 0xfe) return undefined;
  }
  const text = textKind(head);
  return text === undefined ? undefined : { ...text, offset };
}

function* searchFrames(offset: number): ByteReader<Content | undefined> {
  const bytes = yield { offset, length: searchedBytes + frameChainBytes };
  for (let place = bytes.indexOf(0xff); place >= 0 && place < searchedBytes; place = bytes.indexOf(0xff, place + 1)) {
    const format = framesAt(bytes, place, false);
    if (format !== undefined) return { format, offset: offset + place };
  }
  return undefined;
}
