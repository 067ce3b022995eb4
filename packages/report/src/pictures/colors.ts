/**
 * The colours of pictures by role. Each is used for its role only: on a page they become CSS variables, so that one
 * picture works with the light and the dark theme.
 */
export const roleColors = {
  text: '#1c2126',
  muted: '#59636e',
  axis: '#7d8791',
  grid: '#dde2e7',
  surface: '#fefefe',
  published: '#6f7984',
  // Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), darkened to a contrast of 3:1 on white; suitable for
  // colour-blind readers.
  series1: '#0068a8',
  series2: '#b85000',
  series3: '#00805e',
  series4: '#a84d80',
  series5: '#8a6d00',
  series6: '#2a7fb0',
  series7: '#6b4fa0',
  series8: '#4c5a2a',
} as const;

export type ColorRole = keyof typeof roleColors;

/** The colours of several series, in order. */
export const seriesColors = Object.entries(roleColors)
  .filter(([role]) => role.startsWith('series'))
  .map(([, color]) => color);

/** Shapes in addition to colours, so that either is enough. */
export const seriesSymbols = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow', 'roundRect'] as const;

/** Cividis, designed by Nuñez, Anderton and Renslow (2018) for colour-blind readers, from low to high. */
const cividis = [
  [0, 34, 78],
  [35, 62, 108],
  [87, 92, 109],
  [122, 121, 121],
  [155, 150, 120],
  [192, 181, 109],
  [254, 232, 56],
] as const;

/** The colour for a share between 0 and 1, and a readable text colour for it. */
export function heatColor(share: number): { readonly fill: string; readonly text: string } {
  const position = Math.max(0, Math.min(1, share)) * (cividis.length - 1);
  const [from, to] = [cividis[Math.floor(position)], cividis[Math.ceil(position)]];
  const part = position - Math.floor(position);
  const [red, green, blue] = from.map((value, index) => Math.round(value + part * (to[index] - value)));
  const luminance = [red, green, blue]
    .map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  return { fill: `rgb(${red},${green},${blue})`, text: luminance > 0.179 ? '#000000' : '#ffffff' };
}
