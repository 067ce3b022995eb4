/** An error of the plugin's own, with the place that threw it: `TypeError: x is not a function (index.mjs:31:12)`. */
export function thrownText(error: unknown): string {
  if (!(error instanceof Error)) return `${String(error)} was thrown, which is no Error`;
  const place = placeOf(error);
  return `${error.name}: ${error.message}${place === undefined ? '' : ` (${place})`}`;
}

/** File name, line and column of the first frame that is neither Node.js's nor Hearken's. */
function placeOf({ stack = '' }: Error): string | undefined {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const own = frames.find((line) => !/node:|@hearken[\\/](?:core|bench)|packages[\\/](?:core|bench)[\\/]/.test(line));
  // Of text that is no JavaScript, the first line of all names the place.
  const line = own ?? stack.split('\n', 1)[0];
  return /([^\\/(\s]+:\d+(?::\d+)?)\)?\s*$/.exec(line)?.[1];
}
