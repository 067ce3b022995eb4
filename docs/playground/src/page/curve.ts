import { make } from './elements.js';
import { makeSvg } from './svg.js';

const [width, height] = [480, 120];
/** Room for the line's width. */
const margin = 4;

/**
 * A line through values over their places in a longer row, with its meaning in words.
 *
 * @param places of the values from 0 to 1
 * @param highest value of the axis, which begins at 0
 */
export function curveFigure(
  caption: string,
  values: readonly number[],
  { places, highest }: { readonly places: readonly number[]; readonly highest: number },
): HTMLElement {
  const points = values.map((value, index) => {
    const x = margin + places[index] * (width - 2 * margin);
    const y = height - margin - (Math.min(value, highest) / highest) * (height - 2 * margin);
    return [x.toFixed(1), y.toFixed(1)];
  });
  const svg = makeSvg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': caption, class: 'curve' });
  svg.append(makeSvg('polyline', { points: points.map((point) => point.join()).join(' ') }));
  // A single value has no line yet.
  const last = points.at(-1);
  if (last !== undefined) svg.append(makeSvg('circle', { cx: last[0], cy: last[1], r: '4' }));
  return make('figure', {}, make('figcaption', {}, caption), svg);
}
