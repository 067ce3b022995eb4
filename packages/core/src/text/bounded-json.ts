/** Deeper JSON is no document of ours, and code that walks it would run out of stack. */
export const maximumJsonDepth = 64;

const [quote, backslash, openBracket, openBrace, closeBracket, closeBrace] = [...'"\\[{]}'].map((mark) =>
  mark.charCodeAt(0),
);

/**
 * Parses JSON that a stranger wrote; a byte order mark in front of it is passed over, as some editors write one.
 *
 * @throws SyntaxError for text that is no JSON, or nested over 64 deep, before anything of it is built
 */
export function parseBoundedJson(text: string): unknown {
  if (jsonDepth(text) > maximumJsonDepth) throw new SyntaxError(`JSON nested over ${maximumJsonDepth} deep`);
  return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
}

/** The deepest nesting of lists and objects; for text that is not JSON it means nothing. */
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
