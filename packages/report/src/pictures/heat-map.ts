import { axis, labelsWidth, scoreText, shared, shortened } from './axes.js';
import { heatColor, roleColors } from './colors.js';
import type { Picture } from './picture.js';

export interface HeatMap {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rowName: string;
  /** By row and column; null for empty cells. */
  readonly values: readonly (readonly (number | null)[])[];
  /** The values of the darkest and brightest colour. */
  readonly range: readonly [number, number];
  readonly text?: (value: number) => string;
}

/** Coloured cells with their numbers, the first row at the top. */
export function heatMap(map: HeatMap): Picture {
  const { rows, columns, values, range } = map;
  const text = map.text ?? scoreText;
  const [cellWidth, cellHeight] = [columns.length > 30 ? 22 : 42, 22];
  const left = labelsWidth(rows);
  const bottom = 30 + Math.max(...columns.map((column) => shortened(column, 18).length)) * 5.5;
  const share = (value: number) => (range[1] === range[0] ? 0.5 : (value - range[0]) / (range[1] - range[0]));
  const data = values.flatMap((row, y) =>
    row.flatMap((value, x) => {
      if (value === null) return [];
      const colors = heatColor(share(value));
      return [
        {
          value: [x, y, value],
          itemStyle: { color: colors.fill },
          label: { color: colors.text, formatter: columns.length > 30 ? '' : text(value) },
        },
      ];
    }),
  );
  return {
    id: map.id,
    title: map.title,
    description: map.description,
    width: Math.max(360, left + columns.length * cellWidth + 24),
    height: 8 + bottom + rows.length * cellHeight,
    option: {
      ...shared,
      // Colours are taken from the cells themselves.
      visualMap: { show: false, min: range[0], max: range[1], dimension: 2, inRange: { opacity: 1 } },
      grid: { left, right: 16, top: 8, bottom },
      xAxis: {
        ...axis('', 0),
        type: 'category',
        data: columns.map((column) => shortened(column, 18)),
        axisLabel: { color: roleColors.text, fontSize: 11, rotate: 60, interval: 0 },
        splitLine: { show: false },
      },
      yAxis: {
        ...axis('', 0),
        type: 'category',
        inverse: true,
        data: rows.map((row) => shortened(row)),
        axisLabel: { color: roleColors.text, fontSize: 11, interval: 0 },
        splitLine: { show: false },
      },
      series: [
        {
          type: 'heatmap',
          data,
          label: { show: true, fontSize: 10 },
          itemStyle: { borderColor: roleColors.surface, borderWidth: 1 },
        },
      ],
    },
    numbers: {
      columns: [map.rowName, ...columns],
      rows: rows.map((row, index) => [row, ...values[index]]),
    },
  };
}
