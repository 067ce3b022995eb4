import type { EmbeddingMap } from '../read/embedding-map.js';
import { axis, legend, shared, shortened } from './axes.js';
import { seriesColors, seriesSymbols } from './colors.js';
import type { Picture } from './picture.js';

/** More labels cannot be told apart: the rarer ones share a colour. */
const maximumLabels = 12;

/** Test clips on the first two principal components, by label. */
export function embeddingMapPicture(
  id: string,
  title: string,
  labels: readonly string[],
  { points, explained, clips }: EmbeddingMap,
): Picture {
  const counts = labels.map((_, label) => points.filter((point) => point.labels[0] === label).length);
  const byCount = [...labels.keys()].filter((label) => counts[label] > 0).sort((a, b) => counts[b] - counts[a]);
  const shown = byCount
    .slice(0, byCount.length > maximumLabels ? maximumLabels - 1 : maximumLabels)
    .sort((a, b) => a - b);
  const groups = shown.map((label) => ({
    name: shortened(labels[label], 20),
    has: (first: number) => first === label,
  }));
  const rest = byCount.length > shown.length || points.some((point) => point.labels.length === 0);
  if (rest) groups.push({ name: 'other labels or none', has: (first) => !shown.includes(first) });
  const percent = (share: number) => `${(100 * share).toFixed(1)}% of the variance`;
  const part = points.length < clips ? ` (${points.length} of ${clips})` : '';
  return {
    id,
    title,
    description: `Test clips${part} on the first two principal components of their standardised embeddings, by label (the first one if there are several).`,
    width: 640,
    height: 500,
    option: {
      ...shared,
      legend: { ...legend, top: 0 },
      grid: { left: 60, right: 24, top: 84, bottom: 52 },
      xAxis: { ...axis(`component 1: ${percent(explained[0])}`, 30), type: 'value', scale: true },
      yAxis: { ...axis(`component 2: ${percent(explained[1])}`, 40), type: 'value', scale: true },
      series: groups.map(({ name, has }, index) => ({
        name,
        type: 'scatter',
        symbol: seriesSymbols[(index + Math.floor(index / seriesColors.length)) % seriesSymbols.length],
        symbolSize: 7,
        itemStyle: { color: seriesColors[index % seriesColors.length], opacity: 0.75 },
        data: points.filter((point) => has(point.labels[0] ?? -1)).map(({ x, y }) => [x, y]),
      })),
    },
    numbers: {
      columns: ['component_1', 'component_2', 'labels'],
      rows: points.map((point) => [point.x, point.y, point.labels.map((label) => labels[label]).join('; ')]),
    },
  };
}
