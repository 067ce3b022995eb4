import { roleColors } from './colors.js';

const text = { color: roleColors.text, fontSize: 12 };

/** Settings of all pictures: no animation, a readable font, patterns on bars in addition to colours. */
export const shared = {
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { fontFamily: 'system-ui, sans-serif', color: roleColors.text, fontSize: 12 },
} as const;

/** An axis with its name centred. */
export function axis(name: string, gap: number) {
  return {
    name,
    nameLocation: 'middle',
    nameGap: gap,
    nameTextStyle: text,
    axisLabel: text,
    axisLine: { show: true, onZero: false, lineStyle: { color: roleColors.axis } },
    axisTick: { lineStyle: { color: roleColors.axis } },
    splitLine: { lineStyle: { color: roleColors.grid } },
    minorSplitLine: { show: false },
  } as const;
}

/**
 * A value axis that begins at zero, or lower if there are negative values, so that small differences do not look large.
 */
export const fromZero = {
  type: 'value',
  min: ({ min }: { readonly min: number }) => Math.min(0, min),
  max: ({ max }: { readonly max: number }) => Math.max(0, max),
} as const;

export const legend = {
  textStyle: text,
  itemGap: 28,
  itemWidth: 16,
  itemHeight: 10,
  inactiveColor: roleColors.muted,
} as const;

/** `text`, cut if it is longer than `length`; parentheses at its end distinguish it from others and are kept. */
export function shortened(full: string, length = 36): string {
  if (full.length <= length) return full;
  const end = / \([^()]*\)$/.exec(full)?.[0] ?? '';
  const start = length - 1 - end.length;
  return start < 3 ? `${full.slice(0, length - 1)}…` : `${full.slice(0, start)}…${end}`;
}

/** Width in pixels of the labels left of an axis, `shortened` to that length. */
export function labelsWidth(labels: readonly string[], length?: number): number {
  return 24 + 6.6 * Math.max(8, ...labels.map((label) => shortened(label, length).length));
}

/** Height in pixels of a legend above a picture of this width, which may have several rows. */
export function legendHeight(names: readonly string[], width: number): number {
  let [rows, used] = [1, 0];
  for (const name of names) {
    const needed = legend.itemWidth + 5 + 6 * name.length + legend.itemGap;
    if (used > 0 && used + needed > width) [rows, used] = [rows + 1, 0];
    used += needed;
  }
  return rows * (legend.itemGap + 12) - 14;
}

/** Three decimals for shares; large numbers unchanged. */
export function scoreText(score: number): string {
  return Math.abs(score) >= 100 ? score.toFixed(0) : Math.abs(score) >= 10 ? score.toFixed(2) : score.toFixed(3);
}

/** Seconds, or milliseconds. */
export function secondsText(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}

/** `4.88 M` for 4,880,000. */
export function countText(count: number): string {
  const [value, unit] = count >= 1e9 ? [count / 1e9, ' G'] : count >= 1e6 ? [count / 1e6, ' M'] : [count / 1e3, ' k'];
  return count === 0 ? '0' : `${Number(value.toPrecision(3))}${unit}`;
}
