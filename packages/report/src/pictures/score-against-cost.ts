import { paretoFront } from '../statistics/pareto.js';
import { axis, countText, fromZero, legend, scoreText, secondsText, shared, shortened } from './axes.js';
import { roleColors } from './colors.js';
import type { Picture } from './picture.js';

/** A model in a picture of scores against costs. */
export interface CostPoint {
  readonly name: string;
  readonly origin: 'ours' | 'published';
  readonly cost: number;
  readonly score: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface CostPicture {
  readonly id: string;
  readonly title: string;
  readonly scoreName: string;
  readonly maximize: boolean;
  readonly kind: 'parameters' | 'seconds';
  readonly points: readonly CostPoint[];
}

const costNames = { parameters: 'parameters', seconds: 'seconds per clip' } as const;

/** Scores against parameters or seconds, both on a logarithmic axis, with the Pareto front. */
export function scoreAgainstCost({ id, title, scoreName, maximize, kind, points }: CostPicture): Picture | undefined {
  // A logarithmic axis has no 0, the cost of models without weights: the left edge then stands for 0 and is labelled
  // so.
  const smallest = Math.min(...points.filter(({ cost }) => cost > 0).map(({ cost }) => cost));
  const zero = 10 ** (Math.floor(Math.log10(smallest)) - 1);
  const placed = points.map((point) => ({ ...point, at: point.cost > 0 ? point.cost : zero }));
  const hasZero = points.some(({ cost }) => cost === 0);
  if (points.length < 2 || !Number.isFinite(smallest)) return undefined;
  const front = paretoFront(placed, maximize);
  const costText = kind === 'seconds' ? secondsText : countText;
  const spread = (origin: CostPoint['origin'], color: string, symbol: string) => ({
    name: origin === 'ours' ? 'our runs' : 'published',
    type: 'scatter' as const,
    symbol,
    symbolSize: 11,
    itemStyle: { color, opacity: 1 },
    z: 3,
    label: {
      show: true,
      position: 'top' as const,
      color: roleColors.text,
      fontSize: 11,
      formatter: '{b}',
    },
    labelLayout: { hideOverlap: true },
    data: placed
      .filter((point) => point.origin === origin)
      .map(({ name, at, score }) => ({ name: shortened(name), value: [at, score] })),
  });
  const costs = placed.map(({ at }) => at);
  const series = [
    {
      name: 'Pareto front',
      type: 'line' as const,
      step: 'end' as const,
      symbol: 'none',
      lineStyle: { color: roleColors.axis, type: 'dashed' as const, width: 1.5 },
      itemStyle: { color: roleColors.axis },
      data: front.map(({ at, score }) => [at, score]),
    },
    spread('published', roleColors.published, 'emptyCircle'),
    spread('ours', roleColors.series1, 'circle'),
  ].filter(({ data }) => data.length > 0);
  return {
    id,
    title,
    description: `${scoreName} against ${costNames[kind]} of ${points.length} models; better is ${maximize ? 'higher' : 'lower'} and further left${hasZero ? '; the left edge is 0' : ''}. On the Pareto front: ${front.map(({ name }) => name).join(', ')}.`,
    width: 720,
    height: 420,
    option: {
      ...shared,
      legend: { ...legend, top: 0, data: series.map(({ name }) => name) },
      grid: { left: 70, right: 40, top: 44, bottom: 56 },
      xAxis: {
        ...axis(costNames[kind], 32),
        type: 'log',
        min: hasZero ? zero : 10 ** Math.floor(Math.log10(Math.min(...costs)) - 0.1),
        max: 10 ** Math.ceil(Math.log10(Math.max(...costs)) + 0.1),
        axisLabel: {
          ...axis('', 0).axisLabel,
          hideOverlap: true,
          formatter: (value: number) => (hasZero && value <= zero ? '0' : costText(value)),
        },
      },
      yAxis: {
        ...axis(scoreName, 48),
        ...fromZero,
        axisLabel: { ...axis('', 0).axisLabel, formatter: (value: number) => scoreText(value) },
      },
      series,
    },
    numbers: {
      columns: [
        'model',
        'origin',
        kind === 'seconds' ? 'seconds_per_clip' : 'parameters',
        'score',
        'low',
        'high',
        'on_pareto_front',
      ],
      rows: placed.map((point) => [
        point.name,
        point.origin,
        point.cost,
        point.score,
        point.low,
        point.high,
        front.includes(point) ? 'yes' : 'no',
      ]),
    },
  };
}
