import { axis, fromZero, labelsWidth, legend, legendHeight, scoreText, shared, shortened } from './axes.js';
import { seriesColors } from './colors.js';
import type { Picture } from './picture.js';

export interface CategoryBars {
  readonly id: string;
  readonly title: string;
  readonly scoreName: string;
  readonly models: readonly string[];
  readonly categories: readonly string[];
  /** By model and category; null if a model has no task in it. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** One group of bars per model, one bar per category, with patterns in addition to colours. */
export function categoryBars({ id, title, scoreName, models, categories, values }: CategoryBars): Picture {
  return {
    id,
    title,
    description: `${scoreName} by category (${categories.join(', ')}) of ${models.length} models.`,
    width: 720,
    height: 120 + models.length * (14 * categories.length + 14),
    option: {
      ...shared,
      aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
      color: seriesColors,
      legend: { ...legend, top: 0 },
      grid: { left: labelsWidth(models), right: 56, top: legendHeight(categories, 720) + 10, bottom: 48 },
      xAxis: { ...axis(scoreName, 30), ...fromZero },
      yAxis: { ...axis('', 0), type: 'category', inverse: true, data: models.map((model) => shortened(model)) },
      series: categories.map((category, index) => ({
        name: category,
        type: 'bar',
        data: values.map((row) => row[index] ?? '-'),
        label: {
          show: true,
          position: 'right',
          fontSize: 10,
          color: axis('', 0).axisLabel.color,
          formatter: ({ value }) => (typeof value === 'number' ? scoreText(value) : ''),
        },
      })),
    },
    numbers: { columns: ['model', ...categories], rows: models.map((model, index) => [model, ...values[index]]) },
  };
}
