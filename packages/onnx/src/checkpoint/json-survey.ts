/** Size and depth of a JSON text, determined without building any values. */
export interface JsonSurvey {
  /** The deepest nesting of objects and arrays. */
  readonly depth: number;
  /** The number of `key: value` pairs in all objects; duplicate keys all count. */
  readonly members: number;
  /** An upper limit on the number of values. */
  readonly values: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Surveys JSON before it is parsed: what parsing will cost, and how many keys there are, since parsing hides
 * duplicates. The counts are meaningless for text that is not JSON.
 */
export function surveyJson(utf8: Uint8Array): JsonSurvey {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let values = 1;
  let inText = false;
  for (let index = 0; index < utf8.length; index += 1) {
    const byte = utf8[index];
    if (inText) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === COLON) members += 1;
    else if (byte === COMMA) values += 1;
    else if (OPENING.has(byte)) {
      values += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return { depth: deepest, members, values };
}
