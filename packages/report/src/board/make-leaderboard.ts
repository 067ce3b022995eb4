import { modelName } from '@hearken/results';
import { modelPathName } from '@hearken/results/internal';
import { displayNameOf, type DisplayNames } from '../read/display-names.node.js';
import type { ModelFacts } from '../read/model-facts.node.js';
import { profiledModel, type ReportProfile } from '../read/report-profile.js';
import type { ReportResult } from '../read/report-result.js';
import { hearTasks } from '@hearken/tasks';
import { hashIdentity } from '@hearken/results/internal/node';
import { groupBy } from '@hearken/core/internal';
import { groupResults, modelIdentityOf, type ResultGroup } from './group-results.js';
import type { BoardModel, EfficiencyCurve, Leaderboard } from './leaderboard.js';
import { distinguishedNames } from './model-names.js';
import { hearColumns, ourModel, otherTasks, tableFacts } from './our-models.js';
import { publishedModels } from './published-models.js';
import { slugMaker, slugText } from './slugs.js';
import { notHear, type ColumnOf } from './task-columns.js';

/** What to make a leaderboard of. */
export interface LeaderboardParts {
  readonly results: readonly ReportResult[];
  /** What models cost, the latest first. */
  readonly profiles: readonly ReportProfile[];
  readonly names: DisplayNames;
  readonly factsOf: (model: ReportResult['model']) => Promise<ModelFacts>;
  /** Whether to add the published rows; default: if we have a score on one of their tasks. */
  readonly withPublished?: boolean;
}

/** Puts results and published scores into one table. */
export async function makeLeaderboard({
  results,
  profiles,
  names,
  factsOf,
  withPublished,
}: LeaderboardParts): Promise<Leaderboard> {
  const [taskSlug, modelSlug] = [slugMaker(), slugMaker()];
  const table = tableFacts(results);
  const groups = groupResults(results);
  const titles = groups.map((group) => displayNameOf(names, group.all[0].model).name ?? nameOf(group));
  const lineNames = distinguishedNames(titles, groups);
  const ours: BoardModel[] = [];
  for (const [index, group] of groups.entries()) {
    const display = displayNameOf(names, group.all[0].model);
    const facts = await factsOf(group.all[0].model);
    const key = profiledModel(group.all[0].model);
    const costs = profiles.filter((profile) => profile.key === key);
    const identity = { name: lineNames[index], slug: modelSlug(addressOf(group)) };
    ours.push(ourModel(group, facts, display, table, { ...identity, costs }));
  }
  // Dozens of rows without a score on any of our tasks would only hide ours.
  const onTheirTasks = ours.some(({ scores }) => hearTasks.some(({ title }) => scores.has(title)));
  const published = (withPublished ?? onTheirTasks) ? publishedModels(modelSlug) : [];
  const models = [...ours, ...published].sort((a, b) => (b.normalized?.value ?? -1) - (a.normalized?.value ?? -1));
  // Ours come first: the page is about them.
  models.sort((a, b) => Number(a.origin === 'published') - Number(b.origin === 'published'));
  const needed = new Set(models.flatMap(({ scores }) => [...scores.keys()]));
  const hear = hearColumns(taskSlug).filter(({ key }) => needed.has(key));
  return {
    tasks: [...otherTasks(results, table.columnOf, taskSlug), ...hear],
    models,
    curves: curvesOf(groups, ours, table.columnOf),
    notes: [
      ...notesOf(results),
      ...unusedProfiles(profiles, ours),
      ...(withPublished === undefined && !onTheirTasks
        ? ['No result is on a task with published scores, so published rows are left out: --published shows them.']
        : []),
    ],
  };
}

function nameOf({ all: [{ model }] }: ResultGroup): string {
  return modelName(model);
}

/** The address of a model's page depends only on the model, so it stays the same when results are added. */
function addressOf({ all: [first] }: ResultGroup): string {
  return `${slugText(modelPathName(first.model), 48)}-${hashIdentity(modelIdentityOf(first)).slice(0, 8)}`;
}

function curvesOf(
  groups: readonly ResultGroup[],
  models: readonly BoardModel[],
  columnOf: ColumnOf,
): EfficiencyCurve[] {
  return groups.flatMap(({ all }, index) =>
    [...groupBy(all, columnOf)].flatMap(([task, columnResults]) => {
      const byFraction = groupBy(columnResults, ({ evaluation }) => String(evaluation.trainFraction));
      if (byFraction.size < 2) return [];
      const points = [...byFraction.values()].flatMap((same) => {
        const [{ evaluation, metric, scores }] = same.sort((a, b) => (a.finishedAt < b.finishedAt ? 1 : -1));
        const { mean, low, high } = scores.get(metric)!;
        return mean === null ? [] : [{ fraction: evaluation.trainFraction, score: mean, low, high }];
      });
      return [{ model: models[index].name, task, points: points.sort((a, b) => a.fraction - b.fraction) }];
    }),
  );
}

function unusedProfiles(profiles: readonly ReportProfile[], models: readonly BoardModel[]): string[] {
  const used = new Set(models.flatMap(({ costs }) => costs));
  const unused = profiles.filter((profile) => !used.has(profile)).map(({ model }) => model);
  return [...new Set(unused)].map(
    (model) => `A profile of ${model} is left out: no result has the same checkpoint and options.`,
  );
}

function notesOf(results: readonly ReportResult[]): string[] {
  const versions = [...new Set(results.map(({ harnessVersion }) => harnessVersion))].sort();
  const others = [
    ...new Set(
      results.flatMap((result) => {
        const reason = notHear(result);
        return reason === undefined ? [] : [`Task ${result.task.id} is ${reason}. It has a separate column.`];
      }),
    ),
  ];
  const machines = new Set(results.map(({ machine }) => machine));
  return [
    ...others,
    ...(versions.length > 1
      ? [
          `This table has results of ${versions.length} versions of hearken (${versions.join(', ')}): scores of older ones are marked.`,
        ]
      : []),
    ...(machines.size > 1
      ? [`Speeds were measured on ${machines.size} different machines (each model's page names its machine).`]
      : []),
  ];
}
