import { parentPort, workerData } from 'node:worker_threads';
import { reloadExtensions } from '../../extensions/load-extensions.node.js';
import { reopenedSplits } from '../../embeddings/reopened-splits.node.js';
import { createProbeSession } from '../../probes/probe-session.node.js';
import { createProbe } from '../../probes/registry.js';
import { errorMessage } from '@hearken/core/remote';
import type { LaneReport, LaneSetup, TrainingJob } from './trainer.js';
import { LocalTrainer } from './local-trainer.js';
import { NativeGate } from './native-gate.js';

/** A lane: trains one probe after another on its owner's orders. It runs until the owner ends it. */
const { input: sent, probe: name, pca, head, extensionModules = [], gate: words } = workerData as LaneSetup;
// Embeddings that are read from a file arrive as plain data.
const input = { ...sent, splits: reopenedSplits(sent.splits) };
const gate = new NativeGate(words);
const { predictionType } = input.metadata;
const { metrics, probes } = await reloadExtensions(extensionModules);
const context = { createSession: gate.guard(createProbeSession), predictionType, head };
const probe = await createProbe(name, context, { pca, probes });
const trainer = new LocalTrainer(input, probe, { metrics });

parentPort!.on('message', (job: TrainingJob) => void train(job));
// From here on, native code only runs behind the gate.
gate.leave();
report({ kind: 'ready' });

async function train(job: TrainingJob): Promise<void> {
  try {
    const trained = await trainer.train(job, (epoch, maxEpochs, bestScore) => {
      report({ kind: 'epoch', epoch, maxEpochs, bestScore });
    });
    const buffers = new Set(Object.values(trained.arrays).map(({ buffer }) => buffer as ArrayBuffer));
    report({ kind: 'trained', trained }, [...buffers]);
  } catch (error) {
    report({ kind: 'failed', error: errorMessage(error) });
  }
}

function report(message: LaneReport, transfer: readonly ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}
