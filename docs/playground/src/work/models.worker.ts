import { serveModels } from '@hearken/core/remote';
import { jobTable } from './job-table.js';
import type { JobsGreeting } from './jobs.js';
import { lazyPlugin } from './lazy-plugin.js';
import { serveJobs } from './serve-jobs.js';

serveModels(self, [
  lazyPlugin('baseline', () => import('@hearken/plugin-baseline/web')),
  lazyPlugin('efficientat', () => import('@hearken/plugin-efficientat/web')),
  lazyPlugin('hear', () => import('@hearken/plugin-hear/web')),
  lazyPlugin('hubert-ecg', () => import('@hearken/plugin-hubert-ecg/web')),
  lazyPlugin('patchmix', () => import('@hearken/plugin-patchmix/web')),
]);

self.addEventListener('message', ({ data }: MessageEvent<Partial<JobsGreeting>>) => {
  if (data?.jobs instanceof MessagePort) serveJobs(data.jobs, jobTable);
});
