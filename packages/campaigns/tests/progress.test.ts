import type { TaskMetadata } from '@hearken/tasks';
import { describe, expect, it } from 'vitest';
import { CampaignProgress, displayName, parseCampaign, planCampaign, type PlannedTask } from '../src/index.js';

const task = (id: string, clips: number, name = id): PlannedTask => ({
  id,
  metadata: { taskName: name, mode: 'full' } as unknown as TaskMetadata,
  splits: new Map([['train', Array.from({ length: clips }, (_, index) => ({ name: `${index}.wav` }) as never)]]),
});

const campaign = (rest = '') => parseCampaign(`models: [a, b]\ntasks: [x]\n${rest}`, 'c.yaml');

describe('the plan of a campaign', () => {
  it('has each model on each task, in each way, for each share of the training clips', () => {
    const { models, evaluations, trainFractions } = campaign(
      'evaluations: [linear, logreg]\ntrainFractions: [0.5, 1, 0.5]',
    );
    const jobs = planCampaign({ models, evaluations, trainFractions }, [task('one', 10), { id: './damaged' }]);
    expect(jobs.map((job) => [job.model.name, job.task, job.evaluation?.name, job.trainFraction, job.clips])).toEqual(
      ['a', 'b'].flatMap((model) => [
        ...['linear', 'logreg'].flatMap((way) => [
          [model, 'one', way, 0.5, 10],
          [model, 'one', way, undefined, 10],
        ]),
        [model, './damaged', undefined, undefined, 0],
      ]),
    );
  });

  it('has a protocol on its own tasks alone', () => {
    const { models, evaluations } = campaign('evaluations: [linear, {protocol: hear-2021}]');
    const jobs = planCampaign({ models: models.slice(1), evaluations }, [
      task('esc50-v2.0.0-full', 1, 'esc50'),
      task('other', 1),
    ]);
    expect(jobs.map((job) => `${job.task}: ${job.evaluation?.name}`)).toEqual([
      'esc50-v2.0.0-full: linear',
      'esc50-v2.0.0-full: hear-2021',
      'other: linear',
    ]);
  });
});

describe('how far a campaign is', () => {
  const { models, evaluations } = campaign('evaluations: [linear, logreg]');
  const jobs = planCampaign({ models, evaluations }, [task('one', 100), task('two', 50)]);

  it('is counted, and its end estimated from what is done', () => {
    const progress = new CampaignProgress(jobs);
    expect(progress.counts()).toEqual({ waiting: 8, running: 0, done: 0, found: 0, failed: 0 });
    expect(progress.secondsLeft(0)).toBeUndefined();
    progress.start(0, 0);
    progress.end(0, 'done', { embed: 10, probe: 20 });
    progress.start(1, 30);
    progress.end(1, 'done', { embed: 10, probe: 4 });
    // Model a on task two: half the clips, so 5 + 10 and 2; then the same with model b.
    const ofModel = 10 + 20 + 4 + 5 + 10 + 2;
    expect(progress.secondsLeft(34)).toBeCloseTo(5 + 10 + 2 + ofModel, 9);
    progress.start(2, 34);
    expect(progress.secondsLeft(40)).toBeCloseTo(5 + 10 - 6 + 2 + ofModel, 9);
    // Never less than nothing.
    expect(progress.secondsLeft(1000)).toBeCloseTo(2 + ofModel, 9);
    progress.end(2, 'found');
    progress.end(3, 'failed');
    expect(progress.secondsLeft(1000)).toBeCloseTo(ofModel, 9);
    expect(progress.counts()).toEqual({ waiting: 4, running: 0, done: 2, found: 1, failed: 1 });
  });
});

it('a model is shown with the name that it was given, and with what it is', () => {
  expect(displayName({ name: 'baseline', model: 'baseline' }, 'baseline:mel')).toBe('baseline:mel');
  expect(displayName({ name: 'baseline (bands 40)', model: 'baseline' }, 'baseline:mel')).toBe(
    'baseline:mel (bands 40)',
  );
  expect(displayName({ name: 'wide', model: 'baseline:mel' }, 'baseline:mel')).toBe('wide (baseline:mel)');
});
