import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { matrixProductRate } from './machine.mjs';
import { probeRows } from './probe.mjs';
import { trainingCases } from './train/cases.mjs';
import { runPeer } from './train/peer.mjs';

/** As many as PyTorch's scripts use. */
const threads = Math.min(2, availableParallelism());

/** Turns of each side; PyTorch's take 20 s or three steps. */
const rounds = Number(env.HEARKEN_ROUNDS ?? 2);

/** Seconds for which our steps are repeated in each turn, three times at least. */
const turn = 10;

/** A training step of each model: forward, backward, optimiser. `HEARKEN_CASES` names some of them, such as `mn04,mn10`. */
export async function* trainRows() {
  const asked = env.HEARKEN_CASES?.split(',');
  for (const one of trainingCases) if (asked?.includes(one.name) ?? true) yield* caseRows(one);
  if (asked?.includes('probe') ?? true) yield* probeStepRows();
}

async function* caseRows({ name, what, batch, target, operations, product }) {
  const child = fork(fileURLToPath(new URL('train/step.mjs', import.meta.url)), [name, String(threads)]);
  const ask = async (steps) => {
    if (steps > 0) child.send(steps);
    const [answer] = await once(child, 'message');
    return answer;
  };
  try {
    await ask(0);
    // The first steps take memory.
    const [, { seconds: first }] = (await ask(2)).found;
    const steps = Math.max(3, Math.round(turn / first));
    const [ours, theirs, rates] = [[], [], []];
    let peak = 0;
    for (let round = 0; round < rounds; round += 1) {
      const peer = await runPeer('perf_train.py', '--one', name);
      if (peer !== undefined) theirs.push(peer);
      if (product !== undefined) rates.push(await matrixProductRate({ shape: product, threads }));
      const answer = await ask(steps);
      ours.push(...answer.found);
      peak = answer.peak;
    }
    const of = (list, key) => median(list.map((item) => item[key]));
    const [seconds, peer] = [of(ours, 'seconds'), of(theirs, 'medianSeconds')];
    const label = `${what}, batch ${batch}`;
    yield { what: `${label}: training step`, value: 1000 * seconds, unit: 'ms', ...inMilliseconds(peer) };
    const cpu = of(theirs, 'medianCpuSeconds');
    yield { what: `${label}: CPU time`, value: 1000 * of(ours, 'cpu'), unit: 'ms', ...inMilliseconds(cpu) };
    if (peer !== undefined) yield shareRow(label, seconds / peer, target);
    const mebibytes = of(theirs, 'peakMiB');
    yield {
      what: `${label}: peak memory`,
      value: peak / 2 ** 20,
      unit: 'MiB',
      ...(mebibytes && { pytorch: mebibytes }),
    };
    if (operations !== undefined) {
      const rate = Math.max(...rates);
      yield { what: `${label}: matrix product of its shape`, value: rate, unit: 'GFLOP/s' };
      const value = (100 * operations) / seconds / 1e9 / rate;
      yield { what: `${label}: rate, of the matrix product's`, value, unit: '%', target: 'over 80' };
    }
  } finally {
    child.send(0);
    await once(child, 'exit');
  }
}

/** The probe's step, beside PyTorch. */
async function* probeStepRows() {
  const [ours, theirs] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const peer = await runPeer('mlp_step.py');
    if (peer !== undefined) theirs.push(peer.ms);
    for await (const { value } of probeRows()) ours.push(value);
  }
  if (theirs.length > 0) yield shareRow('MLP probe 768-1024-1024-50, batch 1024', median(ours) / median(theirs), 0.9);
}

function shareRow(label, ratio, target) {
  return { what: `${label}: time, of PyTorch's`, value: 100 * ratio, unit: '%', target: `at most ${100 * target}` };
}

function inMilliseconds(seconds) {
  return seconds === undefined ? {} : { pytorch: Math.round(1000 * seconds) };
}

/** The middle one; `undefined` of none. */
function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}
