import { expect, it } from 'vitest';
import { childJobs, rootFailures } from '../../src/jobs/child-jobs.js';
import { type JobData, jobData, JobRefused } from '../../src/jobs/job-data.js';

const contentHash = 'b'.repeat(64);
const root: JobData<'root'> = {
  ...{ campaign: '0123456789ab', priority: 2, model: { name: 'm', model: 'baseline' }, task: '/tasks/one' },
  ...{ out: '/out', extensions: [], taskId: 'one' },
  ways: [
    { name: 'linear', evaluation: { probe: 'linear', grid: 'faster', gridPoints: 2, seed: 0 } },
    {
      name: 'mlp',
      evaluation: { probe: 'mlp', grid: 'default', gridPoints: 8, seed: 0, seeds: 3 },
      trainFraction: 0.5,
    },
  ],
};

it('makes jobs that a worker takes, with ids that follow from what they do', () => {
  const plan = {
    step: 'probe',
    contentHash,
    trainings: [{ way: 1, part: { stage: 'grid', index: 3 } }],
    scores: [0],
  } as const;
  const jobs = childJobs({ id: '0123456789ab.7', data: root }, plan);
  expect(jobs.map(({ opts }) => opts.jobId)).toEqual(['0123456789ab.7.score.0', '0123456789ab.7.train.1.grid-3']);
  for (const { name, data } of jobs) expect(jobData(name, JSON.parse(JSON.stringify(data)))).toEqual(data);
  expect(childJobs({ id: '0123456789ab.7', data: root }, plan)).toEqual(jobs);
});

it('says which ways of scoring failed, and why', () => {
  const failures = {
    'hearken:work:0123456789ab.7.train.1.grid-0': 'first',
    'hearken:work:0123456789ab.7.train.1.grid-1': 'second',
    'hearken:work:0123456789ab.7.score.0': 'third',
  };
  expect(rootFailures('0123456789ab.7', failures)).toEqual({ embed: undefined, ways: { 0: 'third', 1: 'first' } });
  const embed = { 'hearken:model-x-cpu:0123456789ab.7.embed.0f': 'no sound' };
  expect(rootFailures('0123456789ab.7', embed)).toEqual({ embed: 'no sound', ways: {} });
});

it.each([
  ['another field', { ...root, run: 'rm' }],
  ['no task', { ...root, task: undefined }],
  ['a priority that is none', { ...root, priority: 0 }],
  ['an id with a path', { ...root, campaign: '../../../etc' }],
  ['a share of nothing', { ...root, ways: [{ ...root.ways[0], trainFraction: 0 }] }],
  ['nothing', null],
])('refuses a job with %s', (_, data) => {
  expect(() => jobData('root', data)).toThrow(JobRefused);
});
