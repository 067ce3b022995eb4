// Runs one target on inputs, in a process that may hang, crash or run out of memory. Started by `run-target.ts`.
import { makeInput } from './make-input.js';
import { minimise } from './minimise.js';
import { runInput } from './run-input.js';
import { emptyState, StateFile } from './state-file.js';
import type { Target } from './target.js';
import type { Files } from '../mutate/files.js';

/** A child's orders. */
export interface ChildOrder {
  /** Module with a list `targets`. */
  readonly module: string;
  readonly target: string;
  readonly from: number;
  readonly runs: number;
  /** When to stop, counted from the first input; null to stop after all runs. */
  readonly milliseconds: number | null;
  readonly stateFile: string;
}

/** A child's messages: a finding, or that it is done. */
export type ChildMessage =
  | { readonly kind: 'wrong'; readonly seed: number; readonly error: string; readonly files: Record<string, string> }
  | { readonly kind: 'done' };

const order = JSON.parse(process.argv[2]) as ChildOrder;
const { targets } = (await import(order.module)) as { targets: readonly Target[] };
const target = targets.find(({ name }) => name === order.target);
if (target === undefined) throw new Error(`no target is called '${order.target}'`);
const seeds = await target.seeds();
const file = new StateFile(order.stateFile, 'r+');
const state = emptyState();
// From now on the state is not empty, which shows that the child has started.
state.memory = process.memoryUsage.rss();

const send = (message: ChildMessage) =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, resolve));

/** Discards what decoders print, which is a lot and not useful here. */
console.warn = console.error = console.log = console.debug = () => undefined;

const start = performance.now();
for (let seed = order.from; seed < order.from + order.runs; seed += 1) {
  state.milliseconds = performance.now() - start;
  if (order.milliseconds !== null && state.milliseconds >= order.milliseconds) break;
  state.seed = seed;
  file.write(state);
  const files = makeInput(seeds, seed);
  const began = performance.now();
  const outcome = await runInput(target, files);
  const taken = performance.now() - began;
  state.inputs += 1;
  state[outcome.kind] += 1;
  state.memory = Math.max(state.memory, process.memoryUsage.rss());
  if (taken > state.slowest) Object.assign(state, { slowest: taken, slowestSeed: seed });
  if (outcome.kind === 'wrong') await tell(target, seed, outcome.error, files);
  // Lets messages and timers run, as they would in another program.
  if (seed % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
}
file.write(state);
await send({ kind: 'done' });
// Decoder pools may still be waiting for files.
process.exit(0);

async function tell(target: Target, seed: number, error: string, files: Files): Promise<void> {
  // Only the first findings are minimised, because it takes time.
  const small = state.wrong <= 3 ? await minimise(target, files, error) : files;
  const encoded = Object.entries(small).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
  await send({ kind: 'wrong', seed, error, files: Object.fromEntries(encoded) as Record<string, string> });
}
