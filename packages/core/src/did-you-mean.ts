/**
 * `did you mean 'x'? ` for the known name nearest to a mistyped one, or an empty string if none is near. Near means an
 * edit distance of at most a third of the name's length (and at least 1), or a shortened name.
 */
export function didYouMean(name: string, known: readonly string[]): string {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  const start = name.toLowerCase();
  if (start.length >= 2) best ??= known.find((candidate) => candidate.toLowerCase().startsWith(start));
  return best === undefined ? '' : `did you mean '${best}'? `;
}

/** Levenshtein distance, by the usual dynamic programming over one row. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const substitution = row[j - 1] + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[right.length];
}
