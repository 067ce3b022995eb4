import { type AggregateScore, meanScores, type ModelScores, type Protocol, reciprocalRanks } from '@hearken/results';
import { folderText, tasksOf } from '@hearken/results/internal';
import { tableText } from './table.js';

/** A protocol as text. */
export function protocolText(protocol: Protocol): string {
  const { probe, grid, gridPoints } = protocol.evaluation;
  const rows = protocol.groups.flatMap(({ name, tasks }) =>
    tasks.map(({ title, folders, metric, label }) => {
      return [
        name,
        title,
        folders.map(folderText).join(' and '),
        label === undefined ? metric : `${metric} of ${label}`,
      ];
    }),
  );
  return [
    `${protocol.name}: ${protocol.title}\n`,
    `After ${protocol.source}\n`,
    `Probe ${probe}, grid ${grid}, ${gridPoints} grid points; aggregate: ${aggregateNames[protocol.aggregation]}\n`,
    tableText(['group', 'task', 'task folders', 'metric'], rows),
    ...protocol.notes.map((note) => `Note: ${note}\n`),
  ].join('');
}

const aggregateNames: Readonly<Record<Protocol['aggregation'], string>> = {
  normalized: 'mean normalised score',
  'reciprocal-rank': 'mean reciprocal rank',
  mean: 'mean score',
};

/** The scores of models on a protocol: one column per model, one row per task, then the groups and the total. */
export function protocolScoresText(protocol: Protocol, models: readonly ModelScores[]): string {
  const ranking = reciprocalRanks(protocol, models);
  const byRank = protocol.aggregation === 'reciprocal-rank';
  const means = models.map((model) => meanScores(protocol, model));
  const cell = (task: string) =>
    models.map(({ scores }, index) => {
      const score = scores.get(task);
      if (score === undefined) return '-';
      const rank = ranking.models[index].reciprocalRanks.get(task);
      return byRank && rank !== undefined ? `${score.toFixed(4)} (1/${Math.round(1 / rank)})` : score.toFixed(4);
    });
  const known = tasksOf(protocol).filter(({ title }) => !ranking.missing.includes(title));
  const of = (pick: (index: number) => AggregateScore) => models.map((_, index) => meanText(pick(index)));
  const what = aggregateNames[protocol.aggregation];
  const rows = [
    ...known.map(({ title, metric }) => [title, metric, ...cell(title)]),
    ...protocol.groups.map(({ name }) => [
      `${what}, ${name}`,
      '',
      ...of((index) => (byRank ? ranking.models[index].groups[name] : means[index].groups[name])),
    ]),
    [`${what}, all`, '', ...of((index) => (byRank ? ranking.models[index].overall : means[index].overall))],
  ];
  const names = models.map(({ model }) => model);
  const count = (tasks: readonly string[]) => `${tasks.length} task${tasks.length === 1 ? '' : 's'}`;
  return [
    tableText(['task', 'metric', ...names], rows, names),
    ...(byRank && ranking.uneven.length > 0
      ? [`${count(ranking.uneven)} not counted, because not all models have them: ${ranking.uneven.join(', ')}\n`]
      : []),
    ...(ranking.missing.length > 0 ? [`Without a result: ${ranking.missing.join(', ')}\n`] : []),
    ...(byRank && models.length === 1
      ? ['A mean reciprocal rank needs several models: a single one always ranks first.\n']
      : []),
  ].join('');
}

function meanText({ mean, tasks }: AggregateScore): string {
  return mean === null ? '-' : `${mean.toFixed(3)} over ${tasks.length}`;
}
