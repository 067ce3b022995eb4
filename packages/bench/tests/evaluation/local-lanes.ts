import { LocalTrainer } from '../../src/evaluation/lanes/local-trainer.js';
import type { LaneRequest, LaneStarter, Trainer, TrainingJob } from '../../src/evaluation/lanes/trainer.js';
import { testProbe } from '../probes/sessions.js';

/** Lanes in this thread, which take turns at every step: as many as are asked for. */
export class LocalLanes implements LaneStarter {
  /** Jobs in the order in which they began. */
  readonly begun: TrainingJob[] = [];
  started = 0;
  disposed = 0;

  /** @param before called before each training */
  constructor(readonly before: (job: TrainingJob) => Promise<void> | void = () => undefined) {}

  count({ lanes, efforts }: LaneRequest): number {
    return Math.min(lanes ?? 1, efforts.length);
  }

  start(count: number, { setup, abortSignal }: LaneRequest): Promise<Trainer[]> {
    const { input, probe, pca } = setup;
    this.started += count;
    return Promise.all(
      Array.from({ length: count }, async (): Promise<Trainer> => {
        const own = await testProbe(probe, input.metadata.predictionType, { pca });
        const trainer = new LocalTrainer(input, own, { abortSignal });
        return {
          train: async (job, onEpoch) => {
            this.begun.push(job);
            await this.before(job);
            return trainer.train(job, onEpoch);
          },
          dispose: () => {
            this.disposed += 1;
            return trainer.dispose();
          },
        };
      }),
    );
  }
}
