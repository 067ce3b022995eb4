import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ChildMessage, ChildOrder } from './child.js';
import type { Finding, Findings } from './findings.js';
import { makeInput } from './make-input.js';
import { processUse } from './process-use.js';
import { emptyState, StateFile, type FuzzState } from './state-file.js';
import type { Target } from './target.js';
import type { Files } from '../mutate/files.js';

/** Limits for a target. */
export interface RunLimits {
  readonly seed: number;
  /** Number of inputs; default: no limit. */
  readonly runs?: number;
  /** Time for the target; default: no limit. */
  readonly seconds?: number;
  /** Seconds of processor time after which an input counts as hung. */
  readonly hangSeconds: number;
  /** Bytes of memory that the process may use. */
  readonly memory: number;
}

/** The outcome of a target's runs. */
export interface TargetReport extends FuzzState {
  readonly target: string;
  /** Inputs that hung, used too much memory, or ended the process. */
  readonly hangs: number;
  readonly ends: number;
}

/** An input that waits without using the processor counts as hung after this many times the limit. */
const patience = 30;
const pollMilliseconds = 200;
const program = fileURLToPath(new URL('./child.ts', import.meta.url));
const sources = new URL('../../scripts/typescript-sources.mjs', import.meta.url).href;

/** Runs a target in a child process, which is restarted if an input ends it or it has to be ended. */
export async function runTarget(
  target: Target,
  module: string,
  limits: RunLimits,
  findings: Findings,
): Promise<TargetReport> {
  const folder = await mkdtemp(join(tmpdir(), 'hearken-fuzz-state-'));
  const total = emptyState();
  const counts = { hangs: 0, ends: 0 };
  let left = limits.seconds === undefined ? null : limits.seconds * 1000;
  const runs = limits.runs ?? (left === null ? 1000 : 2 ** 40);
  try {
    for (let done = 0; done < runs && (left === null || left > 0);) {
      const order: ChildOrder = {
        ...{ module, target: target.name, milliseconds: left, stateFile: join(folder, 'state') },
        from: limits.seed + done,
        runs: runs - done,
      };
      const { state, fault } = await runChild(order, limits, target, findings);
      add(total, state);
      if (left !== null) left -= state.milliseconds;
      done = state.seed - limits.seed + 1;
      if (fault === undefined) break;
      if (fault.kind === 'end') counts.ends += 1;
      else counts.hangs += 1;
      await findings.add({ target: target.name, ...fault }, makeInput(await target.seeds(), fault.seed));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { target: target.name, ...total, ...counts };
}

type Fault = Omit<Finding, 'target'>;

async function runChild(
  order: ChildOrder,
  limits: RunLimits,
  target: Target,
  findings: Findings,
): Promise<{ state: FuzzState; fault?: Fault }> {
  const file = new StateFile(order.stateFile, 'w+');
  file.write({ ...emptyState(), seed: order.from });
  const child = fork(program, [JSON.stringify(order)], {
    execArgv: ['--conditions=@hearken/source', '--import', sources],
    // For messages with 16 MiB of input and more.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  const written: Promise<void>[] = [];
  let isDone = false;
  child.on('message', (message: ChildMessage) => {
    if (message.kind === 'done') isDone = true;
    else written.push(findings.add({ ...message, target: target.name, kind: 'wrong' }, decoded(message.files)));
  });
  const ended = once(child, 'close');
  const watched = watch(child, file, limits);
  const [code, signal] = (await ended) as [number | null, string | null];
  const fault = await watched;
  await Promise.all(written);
  const state = file.read();
  file.close();
  if (fault !== undefined) return { state, fault };
  if (isDone) return { state };
  const error = `the process ended with ${signal ?? `status ${code}`}\n${said}`;
  // A child that never started is a bug in this program, which another try would not fix.
  if (state.memory === 0) throw new Error(`target ${target.name}: ${error}`);
  return { state, fault: { seed: state.seed, kind: 'end', error } };
}

/** Ends a child whose input takes too much time or memory, and returns the reason. */
async function watch(child: ChildProcess, file: StateFile, limits: RunLimits): Promise<Fault | undefined> {
  let [seed, began, used] = [NaN, 0, 0];
  while (child.exitCode === null && child.signalCode === null) {
    await wait(pollMilliseconds);
    const state = file.read();
    const use = processUse(child.pid ?? 0);
    if (state.seed !== seed) {
      [seed, began, used] = [state.seed, Date.now(), use?.seconds ?? 0];
      continue;
    }
    const elapsed = (Date.now() - began) / 1000;
    // Before the first input, all sources are loaded.
    const limit = limits.hangSeconds + (state.memory === 0 ? 120 : 0);
    const hangs = (use?.seconds ?? 0) - used > limit || elapsed > limit * patience;
    const isLarge = (use?.memory ?? 0) > limits.memory;
    if (!hangs && !isLarge) continue;
    child.kill('SIGKILL');
    const found = `${elapsed.toFixed(1)} s, ${((use?.seconds ?? 0) - used).toFixed(1)} s of them computing, ${Math.round((use?.memory ?? 0) / 2 ** 20)} MiB`;
    return { seed, kind: isLarge ? 'memory' : 'hang', error: `ended after ${found}` };
  }
  return undefined;
}

function add(total: FuzzState, state: FuzzState): void {
  for (const field of ['inputs', 'read', 'refused', 'wrong'] as const) total[field] += state[field];
  total.memory = Math.max(total.memory, state.memory);
  if (state.slowest > total.slowest) Object.assign(total, { slowest: state.slowest, slowestSeed: state.slowestSeed });
}

function decoded(files: Readonly<Record<string, string>>): Files {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, 'base64')]));
}
