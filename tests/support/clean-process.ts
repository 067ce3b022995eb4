import { spawn } from 'node:child_process';
import { timeLimit } from './time-limit.js';

export interface RunResult {
  /** Null if it was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Variables in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The npm variables needed to reach the registry; all others say where this workspace is, or how its tests run. */
const keptOfNpm = /^npm_config_(?:registry|cache|userconfig|globalconfig|.*proxy|cafile|ca|strict_ssl|offline)$/i;
const dropped = /^(?:npm_|NODE_OPTIONS$|NODE_PATH$|NODE_ENV$|NODE_V8_COVERAGE$|INIT_CWD$|VITEST|TEST$|NX_|HEARKEN_)/i;

/** The variables of this process without those that a shell outside the workspace would not have. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => keptOfNpm.test(name) || !dropped.test(name)),
  );
}

/** Runs a program as from a shell outside the workspace; standard input is empty. */
export function runCleanly(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { cwd, env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      timeout: timeLimit,
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && program === 'npm',
    });
    const text = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, ...text });
    });
  });
}
