// What `npm run demo` and `npm test` share: the right Node.js, installed packages, built packages.
// Only Node.js built-ins here: this runs on a fresh clone, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Nx without its daemon, its full-screen display, its cloud and its questions. */
const quietNx = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  NX_INTERACTIVE: 'false',
  NX_ISOLATE_PLUGINS: 'false',
};

/** Stops with a clear message on a Node.js that is too old. */
export function checkNode() {
  const wanted = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).engines.node.replace('>=', '');
  if (isAtLeast(process.versions.node, wanted)) return;
  console.error(`Hearken needs Node.js ${wanted} or newer; this is ${process.versions.node}. See https://nodejs.org`);
  process.exit(1);
}

function isAtLeast(version, wanted) {
  const [have, need] = [version, wanted].map((text) => text.split('.').map(Number));
  for (let part = 0; part < need.length; part += 1) {
    if ((have[part] || 0) !== need[part]) return (have[part] || 0) > need[part];
  }
  return true;
}

/** Runs `npm ci` if packages are missing or older than `package-lock.json`; otherwise uses no network. */
export function installPackages() {
  const lock = `${root}/package-lock.json`;
  const stamp = `${root}/node_modules/.hearken-lock-hash`;
  const hash = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (isInstalled(lock, stamp, hash)) return;
  console.error('Installing packages (npm ci) ...');
  const status = runNpm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  if (status !== 0) stop('npm ci failed: see the lines above; it needs the npm registry or a filled npm cache', status);
  writeFileSync(stamp, hash);
}

function isInstalled(lock, stamp, hash) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  const installed = `${root}/node_modules/.package-lock.json`;
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

function runNpm(args) {
  // `npm run` passes the path of the running npm, which also avoids npm.cmd on Windows.
  const npm = process.env.npm_execpath;
  if (npm !== undefined && npm.endsWith('.js')) return run(process.execPath, [npm, ...args]);
  return run('npm', args, { shell: process.platform === 'win32' });
}

/** Builds what is stale: Nx compares sources and reuses what is unchanged. Returns the exit status. */
export function buildPackages() {
  return runTool('nx', ['run-many', '-t', 'build', '--output-style=static'], { quiet: true });
}

/** Runs the command of an installed package and returns its exit status. With `quiet`, its output is only shown on failure. */
export function runTool(name, args, { quiet = false, env = {} } = {}) {
  return run(process.execPath, [toolPath(name), ...args], { quiet, env });
}

/** Runs the command of an installed package in parallel with others and resolves with its exit status. Shows its output at the end. */
export function startTool(name, args) {
  const tool = spawn(process.execPath, [toolPath(name), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...quietNx },
  });
  const output = [];
  for (const stream of [tool.stdout, tool.stderr]) stream.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve) => {
    tool.on('error', (error) => stop(`${name} could not be started: ${error.message}`, 1));
    tool.on('close', (status) => {
      process.stderr.write(Buffer.concat(output));
      // Killed by a signal, so there is no exit status.
      resolve(status === null ? 130 : status);
    });
  });
}

function toolPath(name) {
  const manifest = JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, 'utf8'));
  const bin = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name === 'typescript' ? 'tsc' : name];
  return `${root}/node_modules/${name}/${bin}`;
}

/** Runs a command in the root folder, and returns its exit status. */
export function run(command, args, { quiet = false, shell = false, env = {} } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    shell,
    stdio: quiet ? 'pipe' : 'inherit',
    env: { ...process.env, ...quietNx, ...env },
    maxBuffer: 2 ** 28,
  });
  if (result.error !== undefined) stop(`${command} could not be started: ${result.error.message}`, 1);
  // Killed by a signal, so there is no exit status.
  const status = result.status === null ? 130 : result.status;
  if (quiet && status !== 0) {
    process.stderr.write(result.stdout);
    process.stderr.write(result.stderr);
  }
  return status;
}

/** Ends the process with one line and an exit status. */
export function stop(message, status) {
  console.error(message);
  process.exit(status || 1);
}
