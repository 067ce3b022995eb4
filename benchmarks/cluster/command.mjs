import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The `hearken` command, built. */
export const command = fileURLToPath(new URL('../../packages/bench/bin/hearken.js', import.meta.url));

/** Starts the `hearken` command; what it says is printed only if it fails. */
export function startHearken(args) {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (text.out += chunk));
  child.stderr.on('data', (chunk) => (text.err += chunk));
  const ended = new Promise((resolve, reject) => {
    child.once('close', (status) => {
      if (status === 0) resolve(text.out);
      else reject(new Error(`hearken ${args.join(' ')} ended with ${status}\n${text.err}`));
    });
  });
  return { child, ended };
}

/** Runs the `hearken` command; returns what it prints. */
export function hearken(args) {
  return startHearken(args).ended;
}
