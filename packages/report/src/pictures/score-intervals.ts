import type { CustomSeriesOption } from 'echarts';
import { axis, fromZero, labelsWidth, legend, scoreText, shared, shortened } from './axes.js';
import { roleColors } from './colors.js';
import type { Picture } from './picture.js';

export interface ScoreIntervals {
  readonly id: string;
  readonly title: string;
  readonly scoreName: string;
  /** Best first. */
  readonly scores: readonly {
    readonly name: string;
    readonly origin: 'ours' | 'published';
    readonly score: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
}

/** One row per model: its score, and its interval if it has one. */
export function scoreIntervals({ id, title, scoreName, scores }: ScoreIntervals): Picture {
  const points = (origin: 'ours' | 'published', name: string, color: string, symbol: string) => ({
    name,
    type: 'scatter' as const,
    symbol,
    symbolSize: 10,
    itemStyle: { color, opacity: 1 },
    z: 3,
    label: {
      show: true,
      position: 'top' as const,
      distance: 3,
      fontSize: 10,
      color: roleColors.text,
      formatter: ({ value }: { value: unknown }) => scoreText((value as number[])[0]),
    },
    data: scores.flatMap((one, index) => (one.origin === origin ? [[one.score, index]] : [])),
  });
  const series = [
    points('published', 'published', roleColors.published, 'emptyCircle'),
    points('ours', 'our runs', roleColors.series1, 'circle'),
  ].filter(({ data }) => data.length > 0);
  const intervals: CustomSeriesOption = {
    type: 'custom',
    name: '95% interval',
    itemStyle: { color: roleColors.series1 },
    renderItem: (_parameters, api) => {
      const [from, to] = [0, 1].map((dimension) => api.coord([api.value(dimension), api.value(2)]));
      const style = { stroke: roleColors.series1, lineWidth: 2 };
      const line = (x1: number, y1: number, x2: number, y2: number) =>
        ({ type: 'line', shape: { x1, y1, x2, y2 }, style }) as const;
      const cap = 4;
      return {
        type: 'group',
        children: [
          line(from[0], from[1], to[0], to[1]),
          line(from[0], from[1] - cap, from[0], from[1] + cap),
          line(to[0], to[1] - cap, to[0], to[1] + cap),
        ],
      };
    },
    encode: { x: [0, 1], y: 2 },
    data: scores.flatMap(({ low, high }, index) => (low === null || high === null ? [] : [[low, high, index]])),
  };
  return {
    id,
    title,
    description: `${scoreName} of ${scores.length} models, the best at the top, with 95% intervals where known.`,
    width: 720,
    height: 100 + scores.length * 28,
    option: {
      ...shared,
      legend: { ...legend, top: 0, data: series.map(({ name }) => name) },
      grid: { left: labelsWidth(scores.map(({ name }) => name)), right: 32, top: 40, bottom: 48 },
      xAxis: { ...axis(scoreName, 30), ...fromZero },
      yAxis: {
        ...axis('', 0),
        type: 'category',
        inverse: true,
        data: scores.map(({ name }) => shortened(name)),
        splitLine: { show: true, lineStyle: { color: roleColors.grid } },
      },
      series: [...series, intervals],
    },
    numbers: {
      columns: ['model', 'origin', 'score', 'low', 'high'],
      rows: scores.map(({ name, origin, score, low, high }) => [name, origin, score, low, high]),
    },
  };
}
