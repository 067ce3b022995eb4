import { parseCampaign } from '../../packages/campaigns/src/index.js';
import { type Target, UnsoundError } from '../engine/target.js';
import { singleFiles } from './seed-files.js';

/** The reader of campaign files. */
export const campaignTargets: readonly Target[] = [
  {
    name: 'campaign',
    allowed: ['FileError'],
    seeds: () => singleFiles({ own: 'campaigns' }, /\.(?:yaml|json)$/),
    run(files) {
      const [[name, bytes]] = Object.entries(files);
      const { models, evaluations, tasks } = parseCampaign(Buffer.from(bytes).toString(), name);
      for (const named of [models, evaluations]) {
        const names = new Set(named.map((one) => one.name));
        if (names.size !== named.length || names.size === 0) throw new UnsoundError('names that are not all different');
      }
      if (tasks.length === 0) throw new UnsoundError('no tasks');
      return Promise.resolve();
    },
  },
];
