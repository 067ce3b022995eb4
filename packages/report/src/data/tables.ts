import type { Leaderboard } from '../board/leaderboard.js';
import type { NumberTable } from '@hearken/results/internal';

/** One row per model and task. */
export function scoreTable({ models, tasks }: Leaderboard): NumberTable {
  const columns = [
    'model',
    'origin',
    'source',
    'task',
    'category',
    'metric',
    'score',
    'low',
    'high',
    'deviation',
    'clips',
    'groups',
    'chance',
    'normalized',
    'standardized',
    'seconds_per_clip',
    'parameters',
    'macs_10s',
    'probe',
    'harness_version',
    'task_content',
    'checkpoint_sha256',
    'marks',
  ];
  const rows = models.flatMap((model) =>
    tasks.flatMap(({ key, category, metric }) => {
      const one = model.scores.get(key);
      if (one === undefined) return [];
      const joined = (values: readonly string[]) => (values.length === 0 ? null : [...new Set(values)].join('; '));
      return [
        [
          model.name,
          model.origin,
          model.source,
          key,
          category,
          metric,
          one.score,
          one.low,
          one.high,
          one.deviation,
          one.clips,
          one.groups,
          one.chance,
          one.normalized,
          one.standardized,
          one.secondsPerClip,
          model.parameters,
          model.macs,
          model.probe,
          joined(one.results.map(({ harnessVersion }) => harnessVersion)),
          joined(one.results.map(({ task }) => task.contentHash)),
          joined(one.results.flatMap(({ model: { checkpointSha256 } }) => checkpointSha256 ?? [])),
          joined(one.marks),
        ],
      ];
    }),
  );
  return { columns, rows };
}

/** One row per model. */
export function modelTable({ models }: Leaderboard): NumberTable {
  const columns = [
    'model',
    'origin',
    'source',
    'parameters',
    'macs_10s',
    'seconds_per_clip',
    'real_time_factor',
    'peak_memory_bytes',
    'load_seconds',
    'profile_machine',
    'normalized_mean',
    'normalized_low',
    'normalized_high',
    'standardized_mean',
    'hear_tasks',
    'tasks',
    'probe',
    'harness_versions',
    'notes',
  ];
  const rows = models.map((model) => [
    model.name,
    model.origin,
    model.source,
    model.parameters,
    model.macs,
    model.secondsPerClip,
    model.costs.at(0)?.realTimeFactor ?? null,
    model.costs.at(0)?.peakMemoryBytes ?? null,
    model.costs.at(0)?.loadSeconds ?? null,
    model.costs.at(0)?.machine ?? null,
    model.normalized?.value ?? null,
    model.normalized?.low ?? null,
    model.normalized?.high ?? null,
    model.standardized?.value ?? null,
    model.normalized?.tasks ?? 0,
    model.scores.size,
    model.probe,
    model.harnessVersions.join('; ') || null,
    model.notes.join('; ') || null,
  ]);
  return { columns, rows };
}
