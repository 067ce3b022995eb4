import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCleanly } from './clean-process.js';
import { oneAtATime } from './one-at-a-time.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm pack` says about a package. Sizes in bytes; paths relative to the package. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

export interface PackedPackages {
  /** The folder of the tarballs and of what was installed from them. */
  readonly folder: string;
  readonly packages: readonly PackedPackage[];
}

const kept = join(tmpdir(), `hearken-packed-${process.getuid?.() ?? 'user'}`);

/** Does something that needs the tarballs of all packages: they are packed once for each state of the sources. */
export function withPackedPackages<T>(job: (packed: PackedPackages) => Promise<T>): Promise<T> {
  const work = async () => {
    const state = await stateOfSources();
    const latest = await readLatest();
    if (latest?.state === state && (await exists(latest.packed.folder))) return job(latest.packed);
    const packed = await packNow();
    await writeFile(join(kept, 'latest.json'), JSON.stringify({ state, packed }));
    return job(packed);
  };
  // Other test files that need the tarballs wait for this one.
  return oneAtATime(join(kept, 'packing'), work);
}

interface Latest {
  readonly state: string;
  readonly packed: PackedPackages;
}

async function readLatest(): Promise<Latest | undefined> {
  const text = await readFile(join(kept, 'latest.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Latest);
}

/** Files that the packages are built from, relative to the workspace. */
export async function packageSources(): Promise<string[]> {
  const places = ['package-lock.json', 'package.json', 'tsconfig.base.json'];
  for (const name of await readdir(join(root, 'packages'))) {
    for (const entry of await readdir(join(root, 'packages', name), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(root.length);
      if (entry.isFile() && !/^packages.[^/\\]+.(?:dist|tests|node_modules)[/\\]/.test(path)) places.push(path);
    }
  }
  return places;
}

/** Differs if any file that tarballs are made from has changed. */
async function stateOfSources(): Promise<string> {
  const places = [...(await packageSources()), 'scripts/pack.mjs'];
  const hash = createHash('sha256');
  for (const place of places.sort()) {
    const { size, mtimeMs } = await stat(join(root, place));
    hash.update(`${place} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

async function packNow(): Promise<PackedPackages> {
  const fresh = join(kept, 'fresh');
  await rm(fresh, { recursive: true, force: true });
  // A build replaces its outputs, which other tests may be running.
  const args = ['scripts/pack.mjs', fresh, '--json', ...((await isBuilt()) ? ['--no-build'] : [])];
  const { status, stdout, stderr } = await runCleanly(process.execPath, args, { cwd: root });
  if (status !== 0) throw new Error(`scripts/pack.mjs failed:\n${stdout}${stderr}`);
  const packages = JSON.parse(stdout) as PackedPackage[];
  const folder = join(kept, await hashOf(fresh, packages));
  if (await exists(folder)) {
    await rm(fresh, { recursive: true, force: true });
  } else {
    await removeOld();
    await rename(fresh, folder);
  }
  return { folder, packages };
}

/** Whether every package was built after its sources were written. */
async function isBuilt(): Promise<boolean> {
  for (const name of await readdir(join(root, 'packages'))) {
    const folder = join(root, 'packages', name);
    const built = await stat(join(folder, 'dist/.tsbuildinfo')).catch(() => undefined);
    if (built === undefined) return false;
    for (const entry of await readdir(join(folder, 'src'), { recursive: true, withFileTypes: true })) {
      const { mtimeMs } = await stat(join(entry.parentPath, entry.name));
      if (entry.isFile() && mtimeMs > built.mtimeMs) return false;
    }
  }
  return true;
}

async function hashOf(folder: string, packages: readonly PackedPackage[]): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')));
  for (const { filename } of packages) hash.update(await readFile(join(folder, filename)));
  return hash.digest('hex').slice(0, 16);
}

/** All but the two latest: what was copied out of one stays as it is. */
async function removeOld(): Promise<void> {
  const names = (await readdir(kept)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const found = await Promise.all(names.map(async (name) => ({ name, time: (await stat(join(kept, name))).mtimeMs })));
  found.sort((a, b) => b.time - a.time);
  for (const { name } of found.slice(2)) await rm(join(kept, name), { recursive: true, force: true });
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
