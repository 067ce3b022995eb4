/** No valid document is nested deeper, and code that walks deeper JSON would run out of stack. */
export const maximumJsonDepth = 64;

const [quote, backslash, openBracket, openBrace, closeBracket, closeBrace] = [...'"\\[{]}'].map((mark) =>
  mark.charCodeAt(0),
);

/**
 * Parses untrusted JSON; skips a leading byte order mark, which some editors write.
 *
 * @throws SyntaxError for text that is not JSON, and, before anything is built, for JSON nested over 64 deep
 */
export function parseBoundedJson(text: string): unknown {
  if (jsonDepth(text) > maximumJsonDepth) throw new SyntaxError(`JSON nested over ${maximumJsonDepth} deep`);
  return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

/** The deepest nesting of lists and objects; meaningless for text that is not JSON. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const mark = text.charCodeAt(index);
    if (inText) {
      if (mark === backslash) index += 1;
      else if (mark === quote) inText = false;
    } else if (mark === quote) inText = true;
    else if (mark === openBracket || mark === openBrace) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (mark === closeBracket || mark === closeBrace) depth -= 1;
  }
  return deepest;
}
