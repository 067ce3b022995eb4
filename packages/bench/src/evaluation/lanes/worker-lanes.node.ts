import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { EvaluationInput } from '../evaluation-input.js';
import { laneCount } from './lane-count.js';
import { sharedSplits } from './shared-splits.js';
import type { LaneRequest, LaneStarter, Trainer } from './trainer.js';
import { WorkerLane, type LaneProgram } from './worker-lane.node.js';

/** Undefined if the sources run instead of the build: then trainings run one after another. */
const builtProgram: LaneProgram = { url: new URL('./lane-worker.node.js', import.meta.url) };

/** How long exiting the process waits for a call of the runtime. */
const longestCall = 10_000;

/** Lanes in worker threads of this process. Results do not depend on their number. */
export class WorkerLanes implements LaneStarter {
  /** One copy in shared memory for all lanes of an evaluation. */
  readonly #shared = new WeakMap<EvaluationInput, EvaluationInput>();

  constructor(readonly program: LaneProgram = builtProgram) {}

  count(request: LaneRequest): number {
    return existsSync(this.program.url) ? laneCount(request, availableParallelism(), process.availableMemory()) : 1;
  }

  async start(count: number, { setup, abortSignal }: LaneRequest): Promise<Trainer[]> {
    abortSignal?.throwIfAborted();
    const laneSetup = { ...setup, input: this.#inSharedMemory(setup.input) };
    const lanes = Array.from({ length: count }, () => new WorkerLane(this.program, laneSetup));
    const onAbort = () => {
      for (const lane of lanes) void lane.stop(abortSignal?.reason);
    };
    const onProcessExit = () => {
      for (const lane of lanes) lane.close();
      for (const lane of lanes) lane.waitUntilOutside(longestCall);
    };
    abortSignal?.addEventListener('abort', onAbort);
    process.on('exit', onProcessExit);
    void Promise.all(lanes.map((lane) => lane.exited)).then(() => {
      abortSignal?.removeEventListener('abort', onAbort);
      process.off('exit', onProcessExit);
    });
    const started = await Promise.allSettled(lanes.map((lane) => lane.ready));
    if (started.every(({ status }) => status === 'fulfilled')) return lanes;
    await Promise.all(lanes.map((lane) => lane.dispose()));
    abortSignal?.throwIfAborted();
    return [];
  }

  #inSharedMemory(input: EvaluationInput): EvaluationInput {
    let shared = this.#shared.get(input);
    if (shared === undefined) {
      shared = { ...input, splits: sharedSplits(input.splits) };
      this.#shared.set(input, shared);
    }
    return shared;
  }
}
