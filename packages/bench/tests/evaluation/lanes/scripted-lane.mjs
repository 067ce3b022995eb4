// A lane that does what the configuration of a job says, for tests of its owner's side.
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const inside = 1;
const gate = workerData.gate;
if (workerData.probe === 'broken') throw new Error('no such thing');
if (workerData.probe === 'slow start') {
  await wait(300);
  workerData.input.splits[0] = 1;
}
Atomics.store(gate, inside, 0);
parentPort.postMessage({ kind: 'ready' });

parentPort.on('message', ({ configuration, seed }) => {
  const { does } = configuration;
  if (does === 'call') Atomics.add(gate, inside, 1);
  parentPort.postMessage({ kind: 'epoch', epoch: 1, maxEpochs: 2, bestScore: 0.5 });
  if (does === 'end') process.exit(7);
  if (does === 'throw') throw new Error('out of hand');
  if (does === 'spin') for (;;);
  if (does === 'wait') return;
  if (does === 'call') {
    // A call of the runtime takes a while, and is not to be cut off.
    const end = Date.now() + 300;
    while (Date.now() < end);
    workerData.input.splits[0] = 1;
    Atomics.sub(gate, inside, 1);
    return;
  }
  if (does === 'fail') {
    const parts = { asked: 'a', found: 'b', fix: 'c' };
    parentPort.postMessage({ kind: 'failed', error: { name: 'TaskError', message: 'a: b; c', code: 'TASK', parts } });
    return;
  }
  const trained = { values: {}, arrays: { weight: Float32Array.of(seed) }, validationScore: 1, decision: null };
  parentPort.postMessage({ kind: 'trained', trained: { ...trained, epoch: 1, epochsTrained: 2 } });
});
