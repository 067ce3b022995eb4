// The table of CONTRIBUTING.md that says where each kind of change goes: every row must be true.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Row {
  readonly what: string;
  readonly where: string;
  /** Every path that it names, with a placeholder such as `<name>` as a wildcard. */
  readonly paths: readonly string[];
}

const rows = [...readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(/^\| (.+?) +\| (.+?) +\|$/gm)]
  .map(([, what, where]): Row => {
    const paths = [...where.matchAll(/`((?:packages|docs|tests|examples|benchmarks|fuzz)\b[^` ]*)`/g)];
    return { what, where, paths: paths.map(([, path]) => path.replace(/<\w+>/g, '*')) };
  })
  .filter(({ what }) => !/^(?:what|-+)$/.test(what));
const withRegistry = rows.filter(({ where }) => /one file in .* and a line in /.test(where));

/** The modules that a file imports by relative path, as files; types are left out. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^(?:import|export) type .*$/gm, '');
  return [...text.matchAll(/(?:\bfrom|\bimport\()\s*'(\.{1,2}\/[^']+)\.js'/g)].map(([, path]) =>
    resolve(dirname(file), `${path}.ts`),
  );
}

/** Whether something exists at a path in a folder; `*` in a part matches anything. */
function isThere(folder: string, [part, ...rest]: readonly string[]): boolean {
  if (part === undefined || part === '') return existsSync(folder);
  const pattern = new RegExp(`^${part.replace(/[.]/g, '\\.').replace('*', '.*')}$`);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : [];
  return names.some((name) => isThere(join(folder, name), rest));
}

describe("CONTRIBUTING.md's table", () => {
  it('has the kinds of changes', () => {
    expect(rows.length).toBeGreaterThan(18);
    expect(withRegistry.length).toBeGreaterThan(4);
  });

  it.each(rows)('$what: each path exists', ({ paths }) => {
    expect(paths).not.toEqual([]);
    expect(paths.filter((path) => !isThere(root, path.split('/')))).toEqual([]);
  });

  it.each(withRegistry)('$what: one file and a line', ({ paths }) => {
    const registry = join(root, paths.at(-1)!);
    const source = join(root, /^packages\/[^/]+\/src/.exec(paths.at(-1)!)![0]);
    const folders = paths.slice(0, -1).map((path) => join(root, path));
    for (const folder of folders) {
      const entries = importsOf(registry).filter((file) => dirname(file) === folder);
      expect(entries.length, relative(root, folder)).toBeGreaterThan(2);
      // Another file that names an entry would be one more file to change.
      const others = readdirSync(source, { recursive: true, encoding: 'utf8' })
        .map((name) => join(source, name))
        .filter((file) => file.endsWith('.ts') && file !== registry && dirname(file) !== folder);
      const named = others.filter((file) => importsOf(file).some((imported) => entries.includes(imported)));
      expect(named.map((file) => relative(root, file))).toEqual([]);
    }
  });
});
