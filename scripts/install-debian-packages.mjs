// `node scripts/install-debian-packages.mjs`: what `npm test` does first with `CI=true`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Debian's packages that some tests need, and the programs that show that it is there: one of them is enough. */
const packages = [
  {
    name: 'chromium',
    programs: [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  },
  {
    name: 'redis-server',
    programs: [process.env.REDIS_SERVER, '/usr/bin/redis-server', '/usr/bin/valkey-server'],
  },
  { name: 'faketime', programs: ['/usr/bin/faketime'] },
];

/**
 * Installs what is missing of the packages that tests need, if the user may install them. Tests report what is still
 * missing.
 */
export function installDebianPackages() {
  const missing = packages.filter(({ programs }) => !programs.some((program) => program && existsSync(program)));
  if (missing.length === 0 || !existsSync('/usr/bin/apt-get')) return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...command) => {
    const [program, ...args] = [...asRoot, ...command];
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0;
  };
  // One after another, so that one that cannot be had does not keep the others away.
  const isUpdated = run('apt-get', 'update');
  for (const { name } of missing) {
    const start = performance.now();
    const isInstalled = isUpdated && run('apt-get', 'install', '-y', '--no-install-recommends', name);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${name}: ${isInstalled ? 'installed' : 'could not be installed'} (${seconds} s)`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installDebianPackages();
