import { criticalDifference, undividedGroups } from '../statistics/critical-difference.js';
import { averageRanks, type RankedTask } from '../statistics/ranks.js';
import { shared, shortened } from './axes.js';
import { roleColors } from './colors.js';
import type { Picture } from './picture.js';

export interface RankedModels {
  readonly id: string;
  readonly title: string;
  readonly models: readonly string[];
  readonly tasks: readonly RankedTask[];
}

const [width, side, top, rowHeight] = [860, 250, 64, 20] as const;

/**
 * Demsar's diagram (JMLR 7, 2006, figure 1): models on an axis of average ranks, with bars over models for which the
 * Nemenyi test at 5% shows no difference. Undefined for fewer than three models or tasks.
 */
export function criticalDifferencePicture({ id, title, models, tasks }: RankedModels): Picture | undefined {
  if (models.length < 3 || tasks.length < 3) return undefined;
  const ranks = averageRanks(tasks);
  const order = [...models.keys()].sort((a, b) => ranks[a] - ranks[b]);
  const sorted = order.map((model) => ranks[model]);
  const difference = criticalDifference(models.length, tasks.length);
  const groups = undividedGroups(sorted, difference);
  const count = models.length;
  const x = (rank: number) => side + ((rank - 1) / (count - 1)) * (width - 2 * side);
  const barsBottom = top + 10 + groups.length * 7;
  const half = Math.ceil(count / 2);
  const line = (x1: number, y1: number, x2: number, y2: number, lineWidth = 1, stroke: string = roleColors.text) =>
    ({ type: 'line', silent: true, shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth } }) as const;
  const text = (content: string, at: number, y: number, align: 'left' | 'center' | 'right') =>
    ({
      type: 'text',
      silent: true,
      style: {
        text: content,
        x: at,
        y,
        textAlign: align,
        textVerticalAlign: 'middle',
        fill: roleColors.text,
        fontSize: 12,
      },
    }) as const;
  const step = Math.max(1, Math.ceil(count / 15));
  const ticks = Array.from({ length: count }, (_, index) => index + 1).filter((rank) => (rank - 1) % step === 0);
  const span = Math.min(difference, count - 1);
  const elements = [
    line(x(1), top, x(count), top, 1.5),
    ...ticks.flatMap((rank) => [line(x(rank), top - 5, x(rank), top), text(String(rank), x(rank), top - 13, 'center')]),
    line(x(1), 20, x(1 + span), 20, 2),
    line(x(1), 16, x(1), 24),
    line(x(1 + span), 16, x(1 + span), 24),
    text(`critical difference ${difference.toFixed(2)}`, x(1), 8, 'left'),
    ...groups.map(([first, last], index) =>
      line(
        x(sorted[first]) - 3,
        top + 8 + index * 7,
        x(sorted[last]) + 3,
        top + 8 + index * 7,
        3.5,
        roleColors.series2,
      ),
    ),
    ...order.flatMap((model, place) => {
      const left = place < half;
      const y = barsBottom + 12 + (left ? place : count - 1 - place) * rowHeight;
      const label = `${shortened(models[model])} ${ranks[model].toFixed(2)}`;
      const edge = left ? side - 24 : width - side + 24;
      return [
        line(x(ranks[model]), top, x(ranks[model]), y, 1, roleColors.axis),
        line(x(ranks[model]), y, edge, y, 1, roleColors.axis),
        text(label, left ? edge - 6 : edge + 6, y, left ? 'right' : 'left'),
      ];
    }),
  ];
  return {
    id,
    title,
    description: `Average ranks of ${count} models over ${tasks.length} tasks, the best on the left. A bar joins models for which the Nemenyi test at 5% shows no difference (critical difference ${difference.toFixed(3)}; Demsar 2006).`,
    width,
    height: barsBottom + 24 + half * rowHeight,
    option: { ...shared, graphic: { elements } },
    numbers: {
      columns: ['model', 'average_rank', 'critical_difference'],
      rows: order.map((model) => [models[model], ranks[model], difference]),
    },
  };
}
