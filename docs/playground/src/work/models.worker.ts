import { serveModels } from '@hearken/core/remote';
import { jobTable } from './job-table.js';
import type { JobsGreeting } from './jobs.js';
import { lazyPlugins } from './lazy-plugins.js';
import { serveJobs } from './serve-jobs.js';

serveModels(
  self,
  lazyPlugins({
    baseline: () => import('@hearken/plugin-baseline/web'),
    efficientat: () => import('@hearken/plugin-efficientat/web'),
    hear: () => import('@hearken/plugin-hear/web'),
    'hubert-ecg': () => import('@hearken/plugin-hubert-ecg/web'),
    patchmix: () => import('@hearken/plugin-patchmix/web'),
  }),
);

self.addEventListener('message', ({ data }: MessageEvent<Partial<JobsGreeting>>) => {
  if (data?.jobs instanceof MessagePort) serveJobs(data.jobs, jobTable);
});
