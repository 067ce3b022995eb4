import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packed-packages.js';

type Target = string | { readonly [condition: string]: Target };

/** A `package.json` of ours. */
export interface PublishedManifest {
  readonly name: string;
  readonly version: string;
  readonly keywords: readonly string[];
  readonly exports: Readonly<Record<string, Target>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export interface PublishedPackage {
  /** Relative to the workspace, with slashes. */
  readonly folder: string;
  readonly manifest: PublishedManifest;
}

/** Packages of the workspace that are published. */
export function publishedPackages(): PublishedPackage[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as never,
    }))
    .filter(({ manifest }: { manifest: { private?: boolean } }) => manifest.private !== true);
}

/** What can be imported from a package: `@hearken/onnx`, `@hearken/onnx/web`. */
export function entriesOf({ manifest }: PublishedPackage): string[] {
  return Object.keys(manifest.exports)
    .filter((subpath) => !subpath.endsWith('.json'))
    .map((subpath) => manifest.name + subpath.slice(1));
}
