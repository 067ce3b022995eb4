import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What commands write, and git leaves out. */
const written = ['docs/api', 'dist/packages'];

/** Paths of the repository in backticks: those that begin with one of its folders, or name a file at its root. */
function pathsIn(page: string): string[] {
  const text = readFileSync(root + page, 'utf8');
  return [
    ...text.matchAll(/`((?:packages|docs|tests|examples|benchmarks|scripts)(?:\/[^`\s<>*]+)?|[\w.]+\.mjs)`/g),
  ].map(([, path]) => path);
}

it.each([
  ['docs/guides/architecture.md', 40],
  ['CONTRIBUTING.md', 10],
])('%s names paths that exist', (page, least) => {
  const paths = pathsIn(page);
  expect(paths.length).toBeGreaterThan(least);
  expect(paths.filter((path) => !written.includes(path) && !existsSync(root + path))).toEqual([]);
});
