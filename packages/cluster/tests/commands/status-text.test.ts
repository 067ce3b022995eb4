import { describe, expect, it } from 'vitest';
import { statusText } from '../../src/commands/status-text.js';
import { noRoots } from '../../src/status/read-roots.node.js';
import type { CampaignStatus, ClusterStatus } from '../../src/status/read-status.node.js';

const now = Date.parse('2026-11-30T12:00:00Z');
const ago = (seconds: number) => new Date(now - 1000 * seconds).toISOString();

const empty: ClusterStatus = {
  ...{ queue: 'redis://queue:6379', notes: [], campaigns: [], older: 0, workers: [], strange: [] },
  queues: [{ name: 'work', waiting: 0, running: 0, delayed: 0, parents: 0, paused: false }],
};

const spring: CampaignStatus = {
  ...{ id: '1f0c5e9a2b7d', name: 'spring', submittedAt: ago(7500), priority: 10, out: '/data/results', roots: 60 },
  ...{ version: '0.1.0', state: 'running', jobs: { done: 310, total: 980 }, moreFailures: 3 },
  counts: { ...noRoots(), done: 12, failed: 2, embedding: 5, training: 3, scoring: 1, waiting: 37 },
  failures: [
    {
      ...{ model: 'hear:vit', task: 'esc50', message: 'checkpoint: none; pull it' },
      parts: { asked: 'checkpoint', found: 'none', fix: 'pull it\u001B[2J' },
    },
    { model: 'hear:vit', task: 'beehive', evaluation: 'linear', trainFraction: 0.25, message: 'no label\u001B[2J\nx' },
  ],
};

describe('statusText', () => {
  it('says that there is nothing', () => {
    expect(statusText(empty, now)).toBe('Queue redis://queue:6379: no campaign, no worker\n');
  });

  it('says how far campaigns are, what workers do, and what waits', () => {
    const status: ClusterStatus = {
      ...empty,
      notes: ['The server writes no append-only file.'],
      campaigns: [
        spring,
        {
          ...spring,
          id: 'b',
          name: 'b',
          state: 'ended',
          roots: 1,
          jobs: { done: 0, total: 0 },
          priority: 100,
          counts: { ...noRoots(), done: 1 },
          failures: [],
          moreFailures: 0,
        },
      ],
      older: 1,
      workers: [
        {
          ...{
            id: 'w',
            host: 'node1',
            process: 4121,
            version: '0.1.0',
            slots: 8,
            provider: 'cpu',
            startedAt: ago(3600),
          },
          ...{ loads: 3, paused: 'the disk is full' },
          running: [
            {
              slot: 1,
              kind: 'train',
              campaign: 'a',
              model: 'baseline:mel',
              task: '/data/tasks/fsd50k',
              since: ago(190),
            },
            {
              slot: 0,
              kind: 'embed',
              campaign: 'a',
              model: 'hear',
              task: '/data/tasks/esc50',
              since: ago(12),
              done: 120,
              total: 400,
            },
          ],
        },
        {
          id: 'x',
          host: 'node2',
          process: 7,
          version: '0.1.0',
          slots: 1,
          provider: 'cuda',
          startedAt: ago(5),
          loads: 1,
          running: [],
        },
      ],
      queues: [
        { name: 'work', waiting: 12, running: 3, delayed: 0, parents: 20, paused: false },
        {
          name: 'model-ab-cpu',
          model: 'efficientat:mn10_as',
          provider: 'cpu',
          waiting: 340,
          running: 8,
          delayed: 1,
          parents: 0,
          paused: false,
        },
        {
          name: 'model-cd-cpu',
          model: 'idle',
          provider: 'cpu',
          waiting: 0,
          running: 0,
          delayed: 0,
          parents: 0,
          paused: false,
        },
      ],
      strange: ['1 under campaigns'],
    };
    expect(statusText(status, now)).toBe(`Queue redis://queue:6379: 3 campaigns, 2 workers, 2 of 9 slots busy
Note: The server writes no append-only file.

Campaign spring (1f0c5e9a2b7d): running, submitted 2 h 5 min ago, priority 10
  models on tasks  12 of 60 done, 2 failed, 1 scoring, 3 training, 5 embedding, 37 waiting
  jobs             310 of 980 of the present stages done
  results          /data/results
  failed           hear:vit on esc50: checkpoint
                     found:  none
                     to do:  pull it [2J
                   hear:vit on beehive, linear, 0.25 of the training clips: no label [2J x
                   and 3 more

Campaign b: ended, submitted 2 h 5 min ago
  models on tasks  1 of 1 done
  results          /data/results

1 older campaign not shown

Worker node1 (process 4121): cpu, 2 of 8 slots busy, started 1 h 0 min ago, 3 models loaded
  takes no jobs: the disk is full
  slot 0  embedding, hear on esc50, 120 of 400, for 12 s
  slot 1  training, baseline:mel on fsd50k, for 3 min 10 s

Worker node2 (process 7): cuda, 0 of 1 slot busy, started 5 s ago, 1 model loaded

Jobs                      waiting  running  tried again
without a model                12        3            0
efficientat:mn10_as, cpu      340        8            1

Entries that this version of Hearken cannot read: 1 under campaigns
`);
  });

  it('says what is missing if nothing can go on', () => {
    expect(statusText({ ...empty, campaigns: [spring] }, now)).toMatch(
      /^Queue redis:\/\/queue:6379: 1 campaign, no worker\nNothing goes on without workers: 'hearken worker/,
    );
  });
});
