import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { exportedNames } from '../support/exported-names.js';

const packages = fileURLToPath(new URL('../../packages', import.meta.url));

/** A target of `exports`: a path, or targets by condition, which may be nested. */
type Target = string | { readonly [condition: string]: Target };

/** Paths of the sources that an entry stands for: of a plugin's `.` those of both Node.js and a browser. */
function sourcesOf(target: Target): string[] {
  if (typeof target === 'string') return [];
  return Object.entries(target).flatMap(([condition, inner]) =>
    condition === '@hearken/source' ? [inner as string] : sourcesOf(inner),
  );
}

const entries = readdirSync(packages).flatMap((folder) => {
  const text = readFileSync(join(packages, folder, 'package.json'), 'utf8');
  const { exports } = JSON.parse(text) as { exports: Record<string, Target> };
  const isPublic = ([subpath]: [string, Target]) => !/^\.\/internal(?:\/|$)/.test(subpath);
  const sources = new Set(
    Object.entries(exports)
      .filter(isPublic)
      .flatMap(([, target]) => sourcesOf(target)),
  );
  return [...sources].map((source) => ({ folder, source, path: join(packages, folder, source) }));
});

const root = join(packages, '..');
const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.check.json'), (path) => ts.sys.readFile(path)).config,
  ts.sys,
  root,
);
const names = exportedNames(
  entries.map(({ path }) => path),
  config.options,
);

/** The names that only `node.ts` or `web.ts` exports, if it also exports all of `index.ts`. */
function withoutIndex(listed: readonly string[], index: readonly string[]): readonly string[] {
  const own = listed.filter((line) => !index.includes(line));
  return own.length > 0 && own.length === listed.length - index.length ? ['all of index.ts', ...own] : listed;
}

const isValue = (line: string) => !/ (interface|type)$/.test(line);
const nameOf = (line: string) => line.split(':')[0];

// The snapshots are the public API: `npx vitest run tests/exports --update` writes them, so that reviewers see changes.
it.each(entries)('packages/$folder/$source exports what is listed', async ({ folder, path }) => {
  const values = Object.keys((await import(path)) as object).sort();
  // `export type` turns a class into a type.
  const listed = names
    .get(path)!
    .map((line) => (isValue(line) && !values.includes(nameOf(line)) ? `${line}, as a type` : line));
  expect(listed.filter(isValue).map(nameOf)).toEqual(values);
  const own = withoutIndex(listed, names.get(join(path, '../index.ts')) ?? []);
  const file = `./${folder}/${basename(path, '.ts')}.txt`;
  await expect(`${own.join('\n')}\n`).toMatchFileSnapshot(file);
});
