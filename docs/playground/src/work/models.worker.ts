import { serveModels } from '@hearken/core/remote';
import { jobTable } from './job-table.js';
import type { JobsGreeting } from './jobs.js';
import { lazyPlugins } from './lazy-plugins.js';
import { pluginLoaders } from './plugin-loaders.js';
import { serveJobs } from './serve-jobs.js';

serveModels(self, lazyPlugins(pluginLoaders));

self.addEventListener('message', ({ data }: MessageEvent<Partial<JobsGreeting>>) => {
  if (data?.jobs instanceof MessagePort) serveJobs(data.jobs, jobTable);
});
