import { createHash } from 'node:crypto';
import {
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { runCleanly, type RunOptions, type RunResult } from './clean-process.js';
import { closure, type LockedPackage, readLock } from './locked-dependencies.js';
import { exists, type PackedPackages, root, withPackedPackages } from './packed-packages.js';

export type { RunResult } from './clean-process.js';

export interface OutsideProjectOptions {
  /** Packages of ours that are installed, by name; default: all. */
  readonly packages?: readonly string[];
  /** Packages of others besides `onnxruntime-node`, such as `onnxruntime-web`; they must be in our lock. */
  readonly add?: readonly string[];
  /** Whether `onnxruntime-node` is installed, as a user of Node.js would; default: true. */
  readonly nodeRuntime?: boolean;
}

export interface OutsideRunOptions extends Partial<RunOptions> {
  /** A different Node.js, by its version (`22`); npm downloads it. */
  readonly node?: string;
}

export interface OutsideProject {
  /** Absolute; outside the workspace, without links in its path. */
  readonly folder: string;
  /** Paths of the tarballs of all packages of ours, in the project, by package name. */
  readonly tarballs: Readonly<Record<string, string>>;
  /**
   * Runs `node`, `npm`, `npx`, or a command of an installed package, and resolves whatever its exit status.
   *
   * @param options `cwd` is the project's folder, and `env` adds to what is there, unless given
   */
  run(command: string, args: readonly string[], options?: OutsideRunOptions): Promise<RunResult>;
  remove(): Promise<void>;
}

/**
 * An npm project outside the workspace with only the packed packages, installed by npm: what a user has. One
 * installation is made for each state of the packages, and every caller gets a separate copy.
 */
export async function outsideProject(options: OutsideProjectOptions = {}): Promise<OutsideProject> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'hearken-outside-')));
  const tarballs = await withPackedPackages(async (packed) => {
    const installed = await installation(packed, options);
    await copyTree(installed, folder);
    return Object.fromEntries(packed.packages.map((entry) => [entry.name, join(folder, 'tarballs', entry.filename)]));
  });
  return {
    folder,
    tarballs,
    run: (command, args, runOptions) => runOutside(folder, command, args, runOptions),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/**
 * Runs `npm install` in a project that depends on our packages as tarballs: a newly made plugin. Versions of other
 * packages are those of our lock, so that npm only needs what is in its cache.
 */
export async function installFromTarballs(folder: string, tarballs: Readonly<Record<string, string>>): Promise<void> {
  const path = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  const specs = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]));
  const pointed = (dependencies: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(dependencies).map(([name, range]) => [name, specs[name] ?? range]));
  manifest.dependencies = pointed(manifest.dependencies);
  manifest.devDependencies = pointed(manifest.devDependencies);
  const direct = { ...manifest.dependencies, ...manifest.devDependencies };
  const indirect = Object.entries(specs).filter(([name]) => !Object.hasOwn(direct, name));
  manifest.overrides = Object.fromEntries(indirect);
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  await install(folder, manifest, Object.keys(direct));
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  overrides?: Record<string, string>;
}

/** The folder of an installation that is kept. */
async function installation(packed: PackedPackages, options: OutsideProjectOptions): Promise<string> {
  const { packages = packed.packages.map(({ name }) => name), add = [], nodeRuntime = true } = options;
  const others = [...new Set([...(nodeRuntime ? ['onnxruntime-node'] : []), ...add])].sort();
  const key = createHash('sha256').update(JSON.stringify([packages, others]));
  const folder = join(packed.folder, `installed-${key.digest('hex').slice(0, 16)}`);
  if (await exists(join(folder, 'complete'))) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'tarballs'), { recursive: true });
  for (const { filename } of packed.packages) {
    await cp(join(packed.folder, filename), join(folder, 'tarballs', filename));
  }
  const ours = packed.packages.filter(({ name }) => packages.includes(name));
  const lock = await readLock(root);
  const manifest = {
    name: 'outside-project',
    version: '1.0.0',
    private: true,
    type: 'module',
    dependencies: {
      ...Object.fromEntries(ours.map(({ name, filename }) => [name, `file:tarballs/${filename}`])),
      ...Object.fromEntries(others.map((name) => [name, lock[`node_modules/${name}`].version])),
    },
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await install(folder, manifest, Object.keys(manifest.dependencies));
  await writeFile(join(folder, 'complete'), '');
  return folder;
}

/**
 * Versions are those of our lock, so that releases of other packages cannot break our tests, and npm's cache is enough.
 */
async function install(folder: string, manifest: Manifest, names: readonly string[]): Promise<void> {
  const locked = closure(await readLock(root), names);
  const entries = Object.entries(locked).map(([place, entry]): [string, LockedPackage] => {
    const { dev: _dev, devOptional, peer: _peer, ...rest } = entry;
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const file = `${name.slice(name.indexOf('/') + 1)}-${entry.version}.tgz`;
    const resolved = `https://registry.npmjs.org/${name}/-/${file}`;
    return [place, { resolved, ...rest, ...(devOptional ? { optional: true } : {}) }];
  });
  await placeInstalled(folder, Object.fromEntries(entries));
  const { name, version, dependencies, devDependencies } = manifest;
  const packages = { '': { name, version, dependencies, devDependencies }, ...Object.fromEntries(entries) };
  const lock = { name, version, lockfileVersion: 3, requires: true, packages };
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status, stdout, stderr } = await runCleanly('npm', args, { cwd: folder });
  if (status !== 0) throw new Error(`npm install in ${folder} failed:\n${stdout}${stderr}`);
}

/**
 * What is installed in the workspace already is what npm would install here, by the same lock: linking it spares half a
 * gigabyte of unpacking, and the registry. npm keeps what its own record says is there, and puts right what is not.
 */
async function placeInstalled(folder: string, entries: Readonly<Record<string, LockedPackage>>): Promise<void> {
  const placed: Record<string, LockedPackage> = {};
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  for (const [place, entry] of Object.entries(entries)) {
    if (!(await exists(join(root, place, 'package.json')))) continue;
    await mkdir(join(folder, place), { recursive: true });
    await copyTree(join(root, place), join(folder, place), { isLinked: true, skip: 'node_modules' });
    placed[place] = entry;
  }
  const record = { name: 'outside-project', lockfileVersion: 3, requires: true, packages: placed };
  await writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify(record));
}

async function runOutside(
  folder: string,
  command: string,
  args: readonly string[],
  { node, cwd = folder, env = {}, ...rest }: OutsideRunOptions = {},
): Promise<RunResult> {
  const program = node === undefined ? process.execPath : await nodeOfVersion(folder, node);
  const path = [dirname(program), process.env.PATH].join(delimiter);
  // Embeddings computed in a test do not go into the user's cache.
  const cache = { HEARKEN_CACHE: join(folder, '.cache') };
  const options = { ...rest, cwd, env: { PATH: path, ...cache, ...env } };
  if (command === 'npm' || command === 'npx') return runCleanly(command, args, options);
  if (command === 'node') return runCleanly(program, args, options);
  return runCleanly(program, [await realpath(join(folder, 'node_modules/.bin', command)), ...args], options);
}

const nodes = new Map<string, Promise<string>>();

function nodeOfVersion(folder: string, version: string): Promise<string> {
  const known = nodes.get(version) ?? findNode(folder, version);
  nodes.set(version, known);
  return known;
}

async function findNode(cwd: string, version: string): Promise<string> {
  const args = ['--yes', '--prefer-offline', `--package=node@${version}`, 'node', '--print', 'process.execPath'];
  // The package `node` fetches the program for this machine when it is installed.
  const env = { npm_config_ignore_scripts: 'false' };
  const { status, stdout, stderr } = await runCleanly('npx', args, { cwd, env });
  if (status !== 0) throw new Error(`npx node@${version} failed:\n${stdout}${stderr}`);
  return stdout.trim();
}

/** Copies a project; the files of other people's packages become hard links, as nobody changes them. */
async function copyTree(from: string, to: string, options: { isLinked?: boolean; skip?: string } = {}): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.name === options.skip) continue;
    if (entry.isDirectory()) {
      await mkdir(target, { recursive: true });
      const isPackage = from.endsWith('node_modules') && !/hearken|^\./.test(entry.name);
      await copyTree(source, target, { ...options, isLinked: options.isLinked === true || isPackage });
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else if (options.isLinked) {
      await link(source, target).catch(() => cp(source, target));
    } else {
      await cp(source, target);
    }
  }
}
