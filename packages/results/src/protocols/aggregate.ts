import { mean, metricByName } from '@hearken/metrics';
import type { Protocol, ProtocolGroup, ProtocolTask } from './protocol.js';

/** One model's scores by task title; tasks without a score are absent. */
export interface ModelScores {
  /** `plugin:model` */
  readonly model: string;
  /** By task title. */
  readonly scores: ReadonlyMap<string, number>;
}

/** A model's mean score over some tasks. */
export interface AggregateScore {
  /** Null if no task counts. */
  readonly mean: number | null;
  /** Titles of the tasks that count. */
  readonly tasks: readonly string[];
}

/** A ranked model. */
export interface RankedModel {
  /** `plugin:model` */
  readonly model: string;
  /** By task title: 1 over the model's rank. */
  readonly reciprocalRanks: ReadonlyMap<string, number>;
  /** The mean over the tasks of each group, by its name. */
  readonly groups: Readonly<Record<string, AggregateScore>>;
  /** The mean over all tasks, whatever their group. */
  readonly overall: AggregateScore;
}

/** Models ranked on the tasks that all of them have. */
export interface Ranking {
  /** The models, in the given order. */
  readonly models: readonly RankedModel[];
  /** Tasks of the protocol that only some of the models have: they do not count. */
  readonly uneven: readonly string[];
  /** Tasks of the protocol that no model has. */
  readonly missing: readonly string[];
}

/**
 * Mean reciprocal ranks: on each task, the best model gets 1, the second 1/2 and so on; equal scores get the better rank
 * (Voorhees 1999 for the measure; HeAR, arXiv 2403.02522, and OPERA, arXiv 2406.16148, for its use).
 * Only tasks that all models have count, as ranks depend on which models are compared.
 */
export function reciprocalRanks({ groups }: Pick<Protocol, 'groups'>, models: readonly ModelScores[]): Ranking {
  const tasks = groups.flatMap((group) => group.tasks);
  const owners = (task: ProtocolTask) => models.filter(({ scores }) => scores.has(task.title)).length;
  const shared = tasks.filter((task) => models.length > 0 && owners(task) === models.length);
  const ranked = models.map(({ model, scores }): RankedModel => {
    const reciprocalRanks = new Map(shared.map((task) => [task.title, 1 / rank(task, scores, models)]));
    const over = (some: readonly ProtocolTask[]) => aggregate(some, reciprocalRanks);
    return {
      model,
      reciprocalRanks,
      groups: Object.fromEntries(groups.map((group) => [group.name, over(group.tasks)])),
      overall: over(tasks),
    };
  });
  return {
    models: ranked,
    uneven: tasks.filter((task) => owners(task) > 0 && owners(task) < models.length).map(({ title }) => title),
    missing: tasks.filter((task) => owners(task) === 0).map(({ title }) => title),
  };
}

/** Means of one model's scores, in each group and over all tasks. */
export function meanScores(
  {
    groups,
  }: {
    /** By the group's name. */
    readonly groups: readonly ProtocolGroup[];
  },
  { scores }: ModelScores,
): {
  /** By the group's name. */
  readonly groups: Readonly<Record<string, AggregateScore>>;
  /** Over all tasks, whatever their group. */
  readonly overall: AggregateScore;
} {
  const all = groups.flatMap((group) => group.tasks);
  const named = groups.map((group) => [group.name, aggregate(group.tasks, scores)] as const);
  return { groups: Object.fromEntries(named), overall: aggregate(all, scores) };
}

function rank({ title, metric }: ProtocolTask, ofModel: ReadonlyMap<string, number>, models: readonly ModelScores[]) {
  const { maximize } = metricByName(metric);
  const score = ofModel.get(title) ?? Number.NaN;
  const better = (other = Number.NaN) => (maximize ? other > score : other < score);
  return 1 + models.filter(({ scores }) => better(scores.get(title))).length;
}

function aggregate(tasks: readonly ProtocolTask[], values: ReadonlyMap<string, number>): AggregateScore {
  const found = tasks.filter(({ title }) => values.has(title)).map(({ title }) => title);
  return { mean: found.length === 0 ? null : mean(found.map((title) => values.get(title) ?? 0)), tasks: found };
}
