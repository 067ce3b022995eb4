import { displayNameOf, type DisplayNames } from '../read/display-names.node.js';
import type { ModelFacts } from '../read/model-facts.node.js';
import type { ReportResult } from '../read/report-result.js';
import { groupBy, groupResults, type ResultGroup } from './group-results.js';
import type { BoardModel, EfficiencyCurve, Leaderboard } from './leaderboard.js';
import { hearColumns, ourModel, ownTasks, tableFacts, taskKeyOf } from './our-models.js';
import { publishedModels } from './published-models.js';
import { slugMaker } from './slugs.js';

/** What a leaderboard is made of. */
export interface LeaderboardParts {
  readonly results: readonly ReportResult[];
  readonly names: DisplayNames;
  readonly factsOf: (model: ReportResult['model']) => Promise<ModelFacts>;
  /** Whether to put the published rows beside ours. */
  readonly withPublished: boolean;
}

/** Puts results into one table, beside those that others have published. */
export async function makeLeaderboard({
  results,
  names,
  factsOf,
  withPublished,
}: LeaderboardParts): Promise<Leaderboard> {
  const [taskSlug, modelSlug] = [slugMaker(), slugMaker()];
  const table = tableFacts(results);
  const groups = groupResults(results);
  const titles = groups.map((group) => displayNameOf(names, group.all[0].model).name ?? nameOf(group));
  const ours: BoardModel[] = [];
  for (const [index, group] of groups.entries()) {
    const display = displayNameOf(names, group.all[0].model);
    const name = distinguished(titles, groups, index);
    const facts = await factsOf(group.all[0].model);
    ours.push(ourModel(group, facts, display, table, { name, slug: modelSlug(name) }));
  }
  const published = withPublished ? publishedModels(modelSlug) : [];
  const models = [...ours, ...published].sort((a, b) => (b.normalized?.value ?? -1) - (a.normalized?.value ?? -1));
  // Ours come first: they are what the page is about.
  models.sort((a, b) => Number(a.origin === 'published') - Number(b.origin === 'published'));
  const needed = new Set(models.flatMap(({ scores }) => [...scores.keys()]));
  const hear = hearColumns(taskSlug).filter(({ key }) => needed.has(key));
  return {
    tasks: [...ownTasks(results, taskSlug), ...hear],
    models,
    curves: curvesOf(groups, ours),
    notes: notesOf(results),
  };
}

function nameOf({ all: [{ model }] }: ResultGroup): string {
  return `${model.plugin}:${model.model}`;
}

/** A name that others have as well, with what tells its model from theirs. */
function distinguished(titles: readonly string[], groups: readonly ResultGroup[], index: number): string {
  const alike = groups.filter((_, other) => titles[other] === titles[index]);
  if (alike.length === 1) return titles[index];
  const differences = (
    [
      ['', ({ evaluation: { probe, pca } }) => (pca === null ? probe : `${probe} pca ${pca}`)],
      ['@', ({ model: { checkpointSha256 } }) => checkpointSha256?.slice(0, 8) ?? 'no checkpoint'],
      ['', ({ model: { options } }) => JSON.stringify(options).slice(0, 60)],
    ] as const satisfies readonly (readonly [string, (result: ReportResult) => string])[]
  ).flatMap(([prefix, tell]) =>
    new Set(alike.map(({ all }) => tell(all[0]))).size > 1 ? [prefix + tell(groups[index].all[0])] : [],
  );
  return `${titles[index]} (${differences.join(', ')})`;
}

function curvesOf(groups: readonly ResultGroup[], models: readonly BoardModel[]): EfficiencyCurve[] {
  return groups.flatMap(({ all }, index) =>
    [...groupBy(all, taskKeyOf)].flatMap(([task, own]) => {
      const byFraction = groupBy(own, ({ evaluation }) => String(evaluation.trainFraction));
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

function notesOf(results: readonly ReportResult[]): string[] {
  const versions = [...new Set(results.map(({ harnessVersion }) => harnessVersion))].sort();
  const machines = new Set(results.map(({ machine }) => machine));
  return [
    ...(versions.length > 1
      ? [
          `Results of ${versions.length} versions of hearken (${versions.join(', ')}) are in this table: scores of older ones are marked.`,
        ]
      : []),
    ...(machines.size > 1
      ? [`Speeds were measured on ${machines.size} kinds of machines (each model's page names its own).`]
      : []),
  ];
}
