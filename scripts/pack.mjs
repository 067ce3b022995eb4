// `node scripts/pack.mjs [FOLDER] [--json] [--no-build]`: builds what is stale, and packs what npm would publish into a
// folder (default: dist/packages). Prints the packages with their files and bytes; `--json` prints npm's report.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPackages, root, stop } from './prepare.mjs';

/** Folders of the published packages, relative to the root. */
export function publicPackages() {
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  return folders.filter((folder) => {
    const path = join(root, folder, 'package.json');
    return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).private !== true;
  });
}

/**
 * Packs all public packages as they are built.
 *
 * @returns one entry per package: name, version, filename, size and unpackedSize in bytes, files [{path, size}]
 */
export function packPackages(destination) {
  const packages = publicPackages();
  mkdirSync(destination, { recursive: true });
  const workspaces = packages.map((folder) => `--workspace=${folder}`);
  const args = ['pack', '--json', '--ignore-scripts', `--pack-destination=${destination}`, ...workspaces];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop(`npm pack failed:\n${stdout}${stderr}`, 1);
  const packed = JSON.parse(stdout);
  // A list up to npm 11, later an object by name.
  const entries = Array.isArray(packed) ? packed : Object.values(packed);
  return entries.sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** One line per package: name, files, bytes packed and unpacked. */
export function packedTable(entries) {
  const rows = entries.map(({ name, files, size, unpackedSize }) => [name, files.length, size, unpackedSize]);
  const total = [1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0));
  const header = ['package', 'files', 'packed bytes', 'unpacked bytes'];
  return [header, ...rows, ['total', ...total]]
    .map(([name, ...numbers]) => `${name.padEnd(30)}${numbers.map((value) => String(value).padStart(16)).join('')}`)
    .join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = join(root, 'dist/packages')] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
  if (!process.argv.includes('--no-build') && buildPackages() !== 0) stop('the build failed: see above', 1);
  const entries = packPackages(resolve(folder));
  console.log(process.argv.includes('--json') ? JSON.stringify(entries) : packedTable(entries));
}
