// Run as a separate process, `step.mjs <case> <threads>`: trains a full-size model with random weights. Each message asks
// for a number of steps; the answer has the seconds and the seconds of CPU time of each, and the peak memory in bytes.
import { argv } from 'node:process';
import { createNodeSession } from '@hearken/onnx/node';
import { Trainer } from '@hearken/train';
import { peakBytes } from '../measure.mjs';
import { prepareCase, trainingCases } from './cases.mjs';

const [, , name, threads] = argv;
const one = trainingCases.find((candidate) => candidate.name === name);
const { training, batch, initial, external, dispose } = await prepareCase(one);
const trainer = await Trainer.create(training, {
  createSession: createNodeSession,
  session: { threads: Number(threads), external },
  initial,
  optimiser: one.optimiser ?? { kind: 'adam' },
  groupOf: () => ({ learningRate: 1e-5, weightDecay: 0.01 }),
});
process.on('message', async (steps) => {
  if (steps === 0) {
    await trainer.dispose();
    process.disconnect();
    return;
  }
  const found = [];
  for (let index = 0; index < steps; index += 1) {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await trainer.step([batch], { rateFactor: 1 });
    const { user, system } = process.cpuUsage(before);
    found.push({ seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 });
  }
  process.send({ found, peak: peakBytes() });
});
// The weights are mapped and read by now.
dispose();
process.send({ found: [], peak: peakBytes() });
