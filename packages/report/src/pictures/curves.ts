import type { EfficiencyCurve } from '../board/leaderboard.js';
import type { ReliabilityBin } from '../statistics/answers.js';
import { axis, fromZero, legend, legendHeight, shared, shortened } from './axes.js';
import { roleColors, seriesColors, seriesSymbols } from './colors.js';
import type { NumberTable } from '@hearken/results/internal';
import type { Picture } from './picture.js';

interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

function lines(curves: readonly Curve[]) {
  return curves.map(({ name, points }, index) => ({
    name,
    type: 'line' as const,
    symbol: seriesSymbols[index % seriesSymbols.length],
    symbolSize: 8,
    itemStyle: { color: seriesColors[index % seriesColors.length] },
    lineStyle: { color: seriesColors[index % seriesColors.length], width: 2 },
    data: points.map((point) => [...point]),
  }));
}

/** Scores against the share of training clips: how much data a model needs. */
export function efficiencyCurves(
  id: string,
  task: string,
  metric: string,
  curves: readonly EfficiencyCurve[],
): Picture {
  const numbers: NumberTable = {
    columns: ['model', 'train_fraction', 'score', 'low', 'high'],
    rows: curves.flatMap(({ model, points }) =>
      points.map(({ fraction, score, low, high }) => [model, fraction, score, low, high]),
    ),
  };
  const legendRows = legendHeight(
    curves.map(({ model }) => shortened(model)),
    620,
  );
  const fractions = curves.flatMap(({ points }) => points.map(({ fraction }) => fraction));
  return {
    id,
    title: `Data efficiency: ${task}`,
    description: `${metric} against the share of training clips that the probe was trained on, for ${curves.map(({ model }) => model).join(', ')}.`,
    width: 720,
    height: 370 + legendRows,
    option: {
      ...shared,
      legend: { ...legend, top: 0, width: 620 },
      grid: { left: 70, right: 32, top: legendRows + 14, bottom: 52 },
      xAxis: {
        ...axis('share of the training clips', 30),
        type: 'log',
        min: Math.min(...fractions),
        max: 1,
        axisLabel: {
          ...axis('', 0).axisLabel,
          formatter: (value: number) => `${Number((100 * value).toPrecision(2))}%`,
        },
      },
      yAxis: { ...axis(metric, 44), ...fromZero },
      series: lines(
        curves.map(({ model, points }) => ({
          name: shortened(model),
          points: points.map(({ fraction, score }) => [fraction, score] as const),
        })),
      ),
    },
    numbers,
  };
}

/** Reliability of probabilities: the share of correct answers against their mean probability. */
export function reliabilityDiagram(
  id: string,
  task: string,
  models: readonly { readonly model: string; readonly bins: readonly ReliabilityBin[] }[],
): Picture {
  const names = models.map(({ model }) => shortened(model));
  const legendRows = legendHeight(names, 520);
  const share = { min: 0, max: 1, type: 'value' } as const;
  return {
    id,
    title: `Reliability: ${task}`,
    description: `Share of correct answers against their mean probability in 15 bins, for ${models.map(({ model }) => model).join(', ')}. On the dashed line, probabilities are accurate; below it, a probe is overconfident.`,
    width: 560,
    height: 450 + legendRows,
    option: {
      ...shared,
      legend: { ...legend, top: 0, width: 520, data: names },
      grid: { left: 70, right: 32, top: legendRows + 30, bottom: 52 },
      xAxis: { ...axis('mean probability', 30), ...share },
      yAxis: { ...axis('share of correct answers', 44), ...share },
      series: [
        {
          type: 'line',
          symbol: 'none',
          lineStyle: { color: roleColors.axis, type: 'dashed', width: 1.5 },
          data: [
            [0, 0],
            [1, 1],
          ],
        },
        ...lines(
          models.map(({ model, bins }) => ({
            name: shortened(model),
            points: bins.map(({ confidence, hits }) => [confidence, hits] as const),
          })),
        ),
      ],
    },
    numbers: {
      columns: ['model', 'mean_probability', 'share_right', 'answers'],
      rows: models.flatMap(({ model, bins }) =>
        bins.map(({ confidence, hits, count }) => [model, confidence, hits, count]),
      ),
    },
  };
}
