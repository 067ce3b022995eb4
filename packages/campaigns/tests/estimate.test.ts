import { expect, it } from 'vitest';
import { type CampaignJob, estimateJobs, type EstimateInput, parseCampaign, planCampaign } from '../src/index.js';

const campaign = parseCampaign(
  'models: [a, b]\ntasks: [x]\nevaluations: [linear, {probe: mlp, gridPoints: 4, seeds: 2}]\ntrainFractions: [1, 0.5]',
  'c.yaml',
);
const metadata = { taskName: 't', mode: 'full' } as never;
const jobs = planCampaign(campaign, [{ id: 't', metadata }, { id: 'damaged' }]);

const input: EstimateInput = {
  models: new Map([['a', { loadSeconds: 1, realTimeFactor: 0.5, memoryBytes: 1e9, sceneSize: 10, timestampSize: 4 }]]),
  tasks: new Map([['t', { seconds: 200, clips: 100, hasTimestamps: false, labels: 5, folds: 3, trainShare: 0.25 }]]),
  trainingSecondsPerRow: ({ evaluation }) => (evaluation?.probe === 'linear' ? 1 : 2),
  lanes: 2,
  isFinished: () => false,
};

it('counts embeddings once for a model and a task, and trainings for each evaluation', () => {
  const estimates = estimateJobs(jobs, input);
  const result = 100 * 5 * 4 + 20_000;
  expect(estimates).toEqual([
    // 8 grid points and 2 further folds on 25 rows, two at a time.
    { embedSeconds: 100, probeSeconds: (25 * 1 * 10) / 2, diskBytes: 100 * 10 * 4 + result },
    { embedSeconds: 0, probeSeconds: (12.5 * 1 * 10) / 2, diskBytes: result },
    // 4 grid points, and 3 folds with 2 seeds but for the one that is done.
    { embedSeconds: 0, probeSeconds: (25 * 2 * 9) / 2, diskBytes: result },
    { embedSeconds: 0, probeSeconds: (12.5 * 2 * 9) / 2, diskBytes: result },
    // A task and a model of which nothing is known.
    ...[undefined, undefined, undefined, undefined, undefined, undefined],
  ]);
});

it('counts nothing for what is finished, and rows for each timestamp of events', () => {
  const tasks = new Map([['t', { ...input.tasks.get('t')!, hasTimestamps: true }]]);
  const isFinished = (job: CampaignJob) => job.evaluation?.probe === 'linear';
  const [first, second, third] = estimateJobs(jobs, { ...input, tasks, isFinished });
  expect([first, second]).toEqual(Array(2).fill({ embedSeconds: 0, probeSeconds: 0, diskBytes: 0 }));
  expect(third).toMatchObject({ embedSeconds: 100, diskBytes: 4000 * 4 * 4 + 4000 * 5 * 4 + 20_000 });
});
