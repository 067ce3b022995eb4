/**
 * The part of a version that must be equal for two to be compatible, as with npm's caret: `1` of 1.4.2, `0.3` of 0.3.1.
 */
export function breakingPart(version: string): string {
  const [major, minor = '0'] = version.replace(/^[^\d]*/, '').split(/[.+-]/);
  return major === '0' ? `0.${minor}` : major;
}

/**
 * Whether a version satisfies an npm range. Only the breaking part counts: `^1.2.0` accepts 1.1.0 here, because npm
 * itself checks the rest. Anything that is not a range of versions (a tag, a path, `workspace:`) is accepted.
 */
export function fitsRange(version: string, range: string): boolean {
  return range.split('||').some((part) => fitsAlternative(version, part.trim()));
}

function fitsAlternative(version: string, range: string): boolean {
  const comparators = [...range.matchAll(/(>=|<=|>|<|\^|~|=)?\s*v?(\d+(?:\.(?:\d+|x|\*))*[\w.+-]*)/gi)];
  if (comparators.length === 0 || !/^[\^~<>=v\d]/.test(range)) return true;
  const hyphenated = /^\S+\s+-\s+\S+$/.test(range);
  return comparators.every(([, operator = '', bound], index) => {
    const order = compare(version, bound);
    if (hyphenated) return index === 0 ? order >= 0 : order <= 0 || breakingPart(bound) === breakingPart(version);
    if (operator.startsWith('>')) return order >= 0 || breakingPart(bound) === breakingPart(version);
    if (operator === '<') return order < 0;
    if (operator === '<=') return order <= 0;
    if (/^0(\.[x*])?$/i.test(bound)) return version.startsWith('0.');
    return breakingPart(bound) === breakingPart(version);
  });
}

function compare(left: string, right: string): number {
  const numbers = (version: string) =>
    version
      .split(/[+-]/)[0]
      .split('.')
      .map((part) => Number(part) || 0);
  const [mine, other] = [numbers(left), numbers(right)];
  for (let place = 0; place < 3; place += 1) {
    const difference = (mine[place] ?? 0) - (other[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
