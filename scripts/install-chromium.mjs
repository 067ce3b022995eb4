import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installs Debian's Chromium if it is missing and the user may install it; tests report if it is still missing. */
export function installChromium() {
  if (process.env.CHROMIUM || existsSync('/usr/bin/chromium') || !existsSync('/usr/bin/apt-get')) return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...command) => {
    const [program, ...args] = [...asRoot, ...command];
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment }).status === 0;
  };
  const start = performance.now();
  const installed = run('apt-get', 'update') && run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium');
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`chromium: ${installed ? 'installed' : 'could not be installed'} (${seconds} s)`);
}
