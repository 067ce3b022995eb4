/** An error thrown by a plugin's own code, with its place: `TypeError: x is not a function (index.mjs:31:12)`. */
export function thrownText(error: unknown): string {
  if (!(error instanceof Error)) return `${String(error)} was thrown, which is not an Error`;
  const place = placeOf(error);
  return `${error.name}: ${error.message}${place === undefined ? '' : ` (${place})`}`;
}

/** File name, line and column of the first frame that is neither in Node.js nor in Hearken. */
function placeOf({ name, stack = '' }: Error): string | undefined {
  const lines = stack.split('\n');
  // If a module cannot be linked, the place is in the line before the error, and the frames are the importer's.
  const isHeaded = name === 'SyntaxError' && /^\S.*:\d+$/.test(lines[0]) && !lines[0].startsWith(`${name}:`);
  const frames = lines.filter((line) => /^\s+at /.test(line));
  const foreign = frames.find(
    (line) => !/node:|@hearken[\\/](?:core|bench)|packages[\\/](?:core|bench)[\\/]/.test(line),
  );
  const line = isHeaded ? lines[0] : (foreign ?? lines[0]);
  return /([^\\/(\s]+:\d+(?::\d+)?)\)?\s*$/.exec(line)?.[1];
}
