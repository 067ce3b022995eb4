import { mean } from '@hearken/metrics';
import { categoryBars } from '../pictures/category-bars.js';
import { criticalDifferencePicture } from '../pictures/critical-difference.js';
import { heatMap } from '../pictures/heat-map.js';
import type { Picture } from '../pictures/picture.js';
import { scoreAgainstCost } from '../pictures/score-against-cost.js';
import { groupBy } from '@hearken/core/internal';
import { slugMaker } from './slugs.js';
import { categories, type BoardModel, type BoardTask, type Leaderboard } from './leaderboard.js';

/** Maximum number of published models next to ours in pictures where each takes much space. */
const fewPublished = 8;

/** The pictures of the whole table. */
export function boardPictures(board: Leaderboard): Picture[] {
  const hear = board.tasks.filter(({ isHear }) => isHear);
  const otherTasks = board.tasks.filter(({ isHear }) => !isHear);
  const ours = board.models.filter(({ origin }) => origin === 'ours');
  const withScores = board.models.filter(({ scores }) => scores.size > 0);
  const pictures = [
    ...meanAgainstCost(board.models),
    ...categoryPictures(board, ours),
    ...heatMaps(withScores, ours, hear, otherTasks),
    ...differences(withScores, ours, hear, board.tasks),
  ].filter((picture) => picture !== undefined);
  // Results on other tasks come first: users with their own tasks look for these.
  const isOurs = ({ id }: Picture) => id.startsWith('our-');
  return otherTasks.length === 0 ? pictures : [...pictures.filter(isOurs), ...pictures.filter((one) => !isOurs(one))];
}

function meanAgainstCost(models: readonly BoardModel[]) {
  return (['parameters', 'seconds'] as const).map((kind) =>
    scoreAgainstCost({
      id: `mean-against-${kind}`,
      title: `Mean normalised score against ${kind === 'seconds' ? 'seconds per clip' : 'parameters'}`,
      scoreName: 'mean normalised score, %',
      maximize: true,
      kind,
      points: models.flatMap(({ name, origin, normalized, parameters, secondsPerClip }) => {
        const cost = kind === 'seconds' ? secondsPerClip : parameters;
        if (normalized === null || cost === null) return [];
        const percent = (value: number | null) => (value === null ? null : 100 * value);
        const { value, low, high } = normalized;
        return [{ name, origin, cost, score: 100 * value, low: percent(low), high: percent(high) }];
      }),
    }),
  );
}

function categoryPictures({ tasks, models }: Leaderboard, ours: readonly BoardModel[]) {
  const hear = tasks.filter(({ isHear }) => isHear);
  // Scores can be averaged, with care, if higher is better and 1 is best; errors cannot.
  const shares = tasks.filter(({ isHear, maximize }) => !isHear && maximize);
  // One metric only: a mean over several metrics has no meaning.
  const byMetric = groupBy(shares, metricTitle);
  const slugOf = slugMaker();
  const best = models.filter(({ origin, scores }) => origin === 'published' && scores.size > 0).slice(0, fewPublished);
  const shown = [...ours.filter(({ normalized }) => normalized !== null), ...best];
  const bars = (
    id: string,
    title: string,
    scoreName: string,
    of: readonly BoardModel[],
    kinds: readonly BoardTask[],
    kind: 'normalized' | 'score',
  ) => {
    const present = categories.filter((category) => kinds.some((task) => task.category === category));
    if (present.length === 0 || of.length === 0) return undefined;
    const value = (model: BoardModel, category: string) => {
      const values = kinds
        .filter((task) => task.category === category)
        .flatMap(({ key }) => model.scores.get(key)?.[kind] ?? []);
      return values.length === 0 ? null : mean(values);
    };
    const values = of.map((model) => present.map((category) => value(model, category)));
    return categoryBars({ id, title, scoreName, models: of.map(({ name }) => name), categories: present, values });
  };
  return [
    bars('categories', 'HEAR scores by category', 'mean normalised score', shown, hear, 'normalized'),
    ...[...byMetric].map(([metric, of]) =>
      bars(
        byMetric.size === 1 ? 'our-categories' : `our-categories-${slugOf(metric)}`,
        `Our other scores by category${byMetric.size === 1 ? '' : `: ${metric}`}`,
        `mean ${metric} of our tasks`,
        ours.filter(({ scores }) => of.some(({ key }) => scores.has(key))),
        of,
        'score',
      ),
    ),
  ];
}

/** Custom metrics with the same name and different versions are different metrics. */
function metricTitle({ metric, metricVersion }: BoardTask): string {
  return metricVersion === null ? metric : `${metric} ${metricVersion}`;
}

function heatMaps(
  withScores: readonly BoardModel[],
  ours: readonly BoardModel[],
  hear: readonly BoardTask[],
  otherTasks: readonly BoardTask[],
) {
  const map = (
    id: string,
    title: string,
    description: string,
    models: readonly BoardModel[],
    tasks: readonly BoardTask[],
  ) => {
    const some = models.filter(({ scores }) => tasks.some(({ key }) => scores.has(key)));
    if (some.length === 0) return undefined;
    const normalized = tasks.every(({ isHear }) => isHear);
    return heatMap({
      id,
      title,
      description,
      rowName: 'model',
      rows: some.map(({ name, origin }) => (origin === 'ours' ? `● ${name}` : name)),
      columns: tasks.map(({ key }) => key),
      values: some.map(({ scores }) =>
        tasks.map(({ key }) => {
          const one = scores.get(key);
          return one === undefined ? null : normalized ? one.standardized : one.score;
        }),
      ),
      range: normalized ? [-1, 1] : [0, 1],
      text: (value) => value.toFixed(2),
    });
  };
  return [
    map(
      'heat-map',
      'HEAR tasks, standardised scores',
      "HEAR's standardised and winsorised scores by model and task; brighter is better, ● are our runs.",
      withScores,
      hear,
    ),
    map(
      'our-heat-map',
      'Our other tasks',
      `Scores by model and task, each column in its own metric (${[...new Set(otherTasks.map(metricTitle))].join(', ')}): compare within a column, not across columns.`,
      ours,
      otherTasks,
    ),
  ];
}

function differences(
  withScores: readonly BoardModel[],
  ours: readonly BoardModel[],
  hear: readonly BoardTask[],
  tasks: readonly BoardTask[],
) {
  const picture = (id: string, title: string, models: readonly BoardModel[], of: readonly BoardTask[]) => {
    const all = of.filter(({ key }) => models.every(({ scores }) => scores.has(key)));
    // A task counts once, with whichever metric comes first.
    const common = all.filter(({ taskId }, index) => all.findIndex((one) => one.taskId === taskId) === index);
    return criticalDifferencePicture({
      id,
      title,
      models: models.map(({ name }) => name),
      tasks: common.map(({ key, maximize }) => ({
        maximize,
        scores: models.map(({ scores }) => scores.get(key)!.score),
      })),
    });
  };
  const complete = withScores.filter(({ scores }) => hear.every(({ key }) => scores.has(key)));
  return [
    picture('critical-difference', 'Critical differences on all HEAR tasks', complete, hear),
    picture('our-critical-difference', 'Critical differences of our runs', ours, tasks),
  ];
}
