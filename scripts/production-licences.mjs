/** Licences of code that an MIT project may distribute, with their notices. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);
/** Licences that only require changed files to keep the same licence. */
const weak = new Set(['MPL-2.0']);

/** Packages that contain other people's code that their manifests don't name. */
const contents = {
  'mpg123-decoder': 'MIT AND LGPL-2.1-only',
  'opus-decoder': 'MIT AND BSD-3-Clause',
};

/**
 * Everything that is installed with Hearken's packages: all direct and indirect dependencies of the workspace's packages.
 * This includes optional peers, which users add themselves, but not development tools.
 *
 * @param {Readonly<Record<string, any>>} lock the packages of package-lock.json, by folder
 * @param {(folder: string) => any} manifestOf the package.json of a folder, for those whose lock entry has no licence
 * @returns {{ name: string, version: string, licence: string, optional: boolean }[]} by name
 */
export function productionPackages(lock, manifestOf) {
  /** @type {Map<string, boolean>} */
  const found = new Map();
  const open = Object.keys(lock)
    .filter((folder) => /^packages\/[^/]+$/.test(folder))
    .map((folder) => ({ folder, optional: false }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { folder, optional } = next;
    const known = found.get(folder);
    if (known === false || known === optional) continue;
    found.set(folder, optional);
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = lock[folder];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const mayLack = name in optionalDependencies || peerDependenciesMeta[name]?.optional === true;
      const place = placeOf(lock, name, folder);
      if (place !== undefined) open.push({ folder: place, optional: optional || mayLack });
      else if (!mayLack)
        throw new Error(`package-lock.json: no place for ${name}, which ${folder} depends on; run npm install`);
    }
  }
  return [...found]
    .filter(([folder]) => folder.includes('node_modules/'))
    .map(([folder, optional]) => {
      const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const stated = lock[folder].license ?? licenceOf(manifestOf(folder));
      return { name, version: lock[folder].version, licence: contents[name] ?? stated, optional };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Node.js's search: next to the importing package, then in the folders above; links are followed. */
function placeOf(lock, name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(lock, place)) return lock[place].link === true ? lock[place].resolved : place;
    if (folder === '') return undefined;
  }
}

/** Old manifests have an object or a list of objects. */
function licenceOf({ license, licenses }) {
  if (typeof license === 'string') return license;
  if (typeof license?.type === 'string') return license.type;
  return Array.isArray(licenses) && licenses.length > 0 ? licenses.map(({ type }) => type).join(' OR ') : 'unknown';
}

/**
 * Whether an SPDX expression lets an MIT project distribute the code: one side of an `OR` is enough, an `AND` needs both.
 *
 * @param {string} expression
 */
export function isAcceptable(expression) {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const either = () => {
    let value = both();
    while (tokens[at]?.toUpperCase() === 'OR') {
      at += 1;
      // Both sides must be parsed, whatever the first one is.
      value = both() || value;
    }
    return value;
  };
  const both = () => {
    let value = single();
    while (tokens[at]?.toUpperCase() === 'AND') {
      at += 1;
      value = single() && value;
    }
    return value;
  };
  const single = () => {
    const token = tokens[at];
    at += 1;
    if (token !== '(') return token !== undefined && (permissive.has(token) || weak.has(token));
    const value = either();
    at += 1;
    return value;
  };
  return either() && at === tokens.length;
}

/** Packages whose licence is not accepted: GPL, LGPL, AGPL, unknown, or not yet reviewed. */
export function licenceProblems(packages) {
  return packages.filter(({ licence }) => !isAcceptable(licence));
}
