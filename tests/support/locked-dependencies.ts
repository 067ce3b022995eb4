import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package as `package-lock.json` has it. */
export interface LockedPackage {
  readonly version: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Packages by the folder that npm puts them into: `node_modules/a/node_modules/b`. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

export async function readLock(root: string): Promise<LockedPackages> {
  const text = await readFile(join(root, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: LockedPackages }).packages;
}

/**
 * What is installed with some packages, according to a lock: dependencies, optional ones that are
 * in the lock, and peers that are not optional.
 *
 * @param names packages to begin with; those of the workspace are followed and left out themselves
 */
export function closure(lock: LockedPackages, names: readonly string[]): Record<string, LockedPackage> {
  const found: Record<string, LockedPackage> = {};
  const seen = new Set<string>();
  const follow = (name: string, from: string): void => {
    let place = placeOf(lock, name, from);
    if (place === undefined || seen.has(place)) return;
    seen.add(place);
    if (lock[place].link) place = lock[place].resolved ?? place;
    else found[place] = lock[place];
    for (const dependency of requiredBy(lock[place])) follow(dependency, place);
  };
  for (const name of names) follow(name, '');
  return found;
}

function requiredBy({ dependencies, optionalDependencies, peerDependencies, ...other }: LockedPackage): string[] {
  const peers = Object.keys(peerDependencies ?? {});
  return [
    ...Object.keys({ ...dependencies, ...optionalDependencies }),
    ...peers.filter((name) => other.peerDependenciesMeta?.[name]?.optional !== true),
  ];
}

/** Node.js's search: next to the package that imports, then upwards. */
function placeOf(lock: LockedPackages, name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(lock, place)) return place;
    if (folder === '') return undefined;
  }
}
