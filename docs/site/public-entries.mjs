// The exports of packages, from their package.json: these are documented on the site, under the names that users import.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A path with `/` between folders, as in TypeDoc. */
export const posix = (path) => path.replaceAll('\\', '/');

const readManifest = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

/** The package folders, with the name and version of each. */
export const packages = readdirSync(join(root, 'packages'))
  .map((name) => `packages/${name}`)
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .map((folder) => ({ folder, ...readManifest(folder) }))
  .sort((left, right) => order(left.name) - order(right.name) || left.name.localeCompare(right.name))
  .map(({ folder, name, version, exports }) => ({ folder, name, version, exports }));

/** Major and minor version of the documentation; the pages of a patch replace those of the previous one. */
export const documentedVersion = packages[0].version.split('.').slice(0, 2).join('.');

/** `{ name, folder, source }` of each entry, without duplicates: `@hearken/plugin-hear` and its `/node` are the same file. */
export const publicEntries = packages.flatMap(({ folder, name, exports }) => {
  const seen = new Set();
  return Object.entries(exports).flatMap(([subpath, target]) => {
    // Internal exports that packages share with each other and that may change at any time.
    if (/^\.\/internal(?:\/|$)/.test(subpath)) return [];
    const source = sourceOf(target);
    if (source === undefined || seen.has(source)) return [];
    seen.add(source);
    return [{ name: join(name, subpath), folder, source: `${folder}/${source}` }];
  });
});

/** The source of a compiled entry; undefined for anything that is not a module, such as `./package.json`. */
function sourceOf(target) {
  const file = typeof target === 'string' ? target : target.default;
  const match = /^\.\/dist\/(.+)\.js$/.exec(file ?? '');
  return match === null ? undefined : `src/${match[1]}.ts`;
}

function order(name) {
  const first = [
    '@hearken/core',
    '@hearken/onnx',
    '@hearken/signals',
    '@hearken/metrics',
    '@hearken/tasks',
    '@hearken/bench',
  ];
  const index = first.indexOf(name);
  return index < 0 ? first.length : index;
}
