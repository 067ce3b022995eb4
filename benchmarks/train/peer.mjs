// PyTorch on the same steps, where `HEARKEN_PYTHON` names a Python with torch and transformers.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = new URL('../../../shared/reference/pytorch/', import.meta.url);

/** Runs a script of the reference once, and returns what it prints as JSON; `undefined` without PyTorch. */
export async function runPeer(script, ...options) {
  const path = fileURLToPath(new URL(script, folder));
  const python = env.HEARKEN_PYTHON;
  if (python === undefined || !existsSync(path)) return undefined;
  const { stdout } = await promisify(execFile)(python, [path, ...options]);
  return JSON.parse(stdout);
}
