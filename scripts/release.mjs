// `npm run release -- [patch|minor|major|1.2.3] [--first-release] [--dry-run]`: sets the versions of all packages, of
// what depends on them and of constants, updates CHANGELOG.md and CITATION.cff, and makes one commit and one tag. Without a
// version the commits decide. It pushes and publishes nothing: .github/workflows/release.yml does that for a pushed tag.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseChangelog, releaseVersion } from 'nx/release/index.js';
import { releasedChangelog } from './changelog.mjs';
import { publicPackages } from './pack.mjs';
import { checkNode, root, run, runTool, stop } from './prepare.mjs';

checkNode();
const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg.startsWith('-') && !['--dry-run', '--first-release'].includes(arg));
if (unknown.length > 0) stop(`unknown option ${unknown[0]}; there are --dry-run and --first-release`, 2);
const dryRun = args.includes('--dry-run');
const firstRelease = args.includes('--first-release');
const specifier = args.find((arg) => !arg.startsWith('-'));

const { stdout: uncommitted } = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
if (uncommitted !== '' && !dryRun) stop(`Commit these first, so that the release matches a commit:\n${uncommitted}`, 1);

const before = readManifest().version;
const { workspaceVersion, projectsVersionData } = await releaseVersion({
  specifier,
  dryRun,
  firstRelease,
  gitCommit: false,
  gitTag: false,
});
if (!workspaceVersion) stop('No commit since the last release asks for a new version; pass one to release anyway.', 1);
// This only prints the commits, for comparison with CHANGELOG.md: Nx would write above the title.
const options = { version: workspaceVersion, versionData: projectsVersionData, dryRun: true, firstRelease };
await releaseChangelog({ ...options, gitCommit: false, gitTag: false, gitPush: false });
if (!dryRun) {
  writeVersions(before, workspaceVersion);
  runTool('prettier', ['--write', '--log-level', 'warn', 'CHANGELOG.md', 'package.json']);
  git('add', '--update');
  git('commit', '--quiet', '--message', `chore(release): publish ${workspaceVersion}`);
  git('tag', '--annotate', `v${workspaceVersion}`, '--message', `v${workspaceVersion}`);
}
console.log(`\nTo publish ${workspaceVersion}: git push --follow-tags`);
// Nx keeps a connection open.
process.exit(0);

function git(...command) {
  if (run('git', command) !== 0) stop(`git ${command[0]} failed: see above`, 1);
}

function readManifest(folder = '') {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/** Sets versions outside the packages' manifests: workspace, lock file, and the constants in results and embedders. */
function writeVersions(from, to) {
  writeJson('package.json', { ...readManifest(), version: to });
  const today = new Date().toISOString().slice(0, 10);
  rewrite('CHANGELOG.md', (text) => releasedChangelog(text, to, today));
  rewrite('CITATION.cff', (text) => text.replace(/^version: .*$/m, `version: ${to}`));
  writePeers(to);
  writeLock(to);
  const constant = new RegExp(`(const (?:harnessVersion|version) = ')${from.replaceAll('.', '\\.')}'`, 'g');
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name, 'src');
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const text = readFileSync(join(folder, file), 'utf8');
      const changed = text.replace(constant, `$1${to}'`);
      if (changed !== text) writeFileSync(join(folder, file), changed);
    }
  }
}

function rewrite(path, change) {
  writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8')));
}

/** Nx sets the versions of dependencies, but knows nothing of peers that are left out of its graph. */
function writePeers(version) {
  const names = publicPackages().map((folder) => readManifest(folder).name);
  for (const folder of publicPackages()) {
    const manifest = readManifest(folder);
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter((name) => names.includes(name));
    if (peers.length === 0) continue;
    for (const name of peers) manifest.peerDependencies[name] = version;
    writeJson(join(folder, 'package.json'), manifest);
  }
}

/** Nx doesn't update the lock file, because npm would look for the new versions in the registry, where they aren't yet. */
function writeLock(version) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  lock.version = version;
  lock.packages[''].version = version;
  for (const folder of publicPackages()) {
    const manifest = readManifest(folder);
    const entry = lock.packages[folder];
    entry.version = version;
    for (const field of ['dependencies', 'devDependencies', 'peerDependencies']) {
      if (entry[field] !== undefined) entry[field] = manifest[field];
    }
  }
  writeJson('package-lock.json', lock);
}

function writeJson(path, value) {
  writeFileSync(join(root, path), `${JSON.stringify(value, undefined, 2)}\n`);
}
