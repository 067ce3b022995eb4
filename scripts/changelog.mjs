// What a release does with CHANGELOG.md: unreleased changes get the version and the date.
const unreleased = '## [Unreleased]';

/**
 * @param text of CHANGELOG.md
 * @param version the version being released
 * @param date `2027-01-31`
 * @returns the text to write, unchanged if the version already has a section
 */
export function releasedChangelog(text, version, date) {
  const lines = text.split('\n');
  if (lines.some((line) => line.startsWith(`## [${version}]`))) return text;
  const place = lines.indexOf(unreleased);
  if (place < 0) throw new Error(`CHANGELOG.md has no line '${unreleased}': add it above the newest version`);
  lines.splice(place + 1, 0, '', `## [${version}] - ${date}`);
  return lines
    .join('\n')
    .replace(
      /^\[Unreleased\]: (.+)\/compare\/v.+\.\.\.HEAD$/m,
      `[Unreleased]: $1/compare/v${version}...HEAD\n[${version}]: $1/releases/tag/v${version}`,
    );
}
