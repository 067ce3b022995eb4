import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const { releasedChangelog } = (await import(new URL('scripts/changelog.mjs', root).href)) as {
  readonly releasedChangelog: (text: string, version: string, date: string) => string;
};
const changelog = readFileSync(fileURLToPath(new URL('CHANGELOG.md', root)), 'utf8');
const headings = (text: string) => [...text.matchAll(/^## .*/gm)].map(([heading]) => heading);

describe('CHANGELOG.md', () => {
  it('has a place for what is not released, and a section for the version before', () => {
    expect(headings(changelog)[0]).toBe('## [Unreleased]');
    expect(headings(changelog)).toContain('## [0.1.0]');
  });

  it('gives what is not released the version and the date, and leaves a place for what follows', () => {
    const released = releasedChangelog(changelog, '9.9.9', '2099-01-31');
    expect(headings(released)).toEqual(['## [Unreleased]', '## [9.9.9] - 2099-01-31', ...headings(changelog).slice(1)]);
    const [before, after] = released.split('\n\n## [9.9.9] - 2099-01-31');
    expect(changelog.startsWith(`${before}\n`)).toBe(true);
    expect(changelog).toContain(after.slice(0, after.indexOf('\n[Unreleased]')));
  });

  it('links each version to its release, and what is not released to a comparison', () => {
    const repository = 'https://github.com/hearken-eval/hearken';
    expect(releasedChangelog(changelog, '9.9.9', '2099-01-31')).toContain(
      [
        '',
        `[Unreleased]: ${repository}/compare/v9.9.9...HEAD`,
        `[9.9.9]: ${repository}/releases/tag/v9.9.9`,
        `[0.1.0]: ${repository}/releases/tag/v0.1.0`,
      ].join('\n'),
    );
  });

  it('stays as it is for a version that it has', () => {
    expect(releasedChangelog(changelog, '0.1.0', '2099-01-31')).toBe(changelog);
  });

  it('names the missing line', () => {
    expect(() => releasedChangelog('# Changelog\n', '9.9.9', '2099-01-31')).toThrow("no line '## [Unreleased]'");
  });
});

it.each(['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'])('%s links to files that exist', (page) => {
  const text = readFileSync(new URL(page, root), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link).filter((link) => !/^[a-z]+:/.test(link));
  expect(links.filter((link) => !existsSync(new URL(link, root)))).toEqual([]);
});

it('CITATION.cff has the version of the packages', () => {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  expect(readFileSync(new URL('CITATION.cff', root), 'utf8')).toContain(`\nversion: ${version}\n`);
});
