import { roleColors } from './colors.js';

const text = { color: roleColors.text, fontSize: 12 };

/** What every picture has: no movement, a readable font, patterns on bars besides colours. */
export const shared = {
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { fontFamily: 'system-ui, sans-serif', color: roleColors.text, fontSize: 12 },
} as const;

/** An axis with a name in the middle of it. */
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

export const legend = {
  textStyle: text,
  itemGap: 28,
  itemWidth: 16,
  itemHeight: 10,
  inactiveColor: roleColors.muted,
} as const;

/** `text`, cut where it is longer than `length`. */
export function shortened(full: string, length = 28): string {
  return full.length > length ? `${full.slice(0, length - 1)}…` : full;
}

/** Three places for shares, and what is large as it is. */
export function scoreText(score: number): string {
  return Math.abs(score) >= 100 ? score.toFixed(0) : Math.abs(score) >= 10 ? score.toFixed(2) : score.toFixed(3);
}

/** Seconds, or thousandths of them. */
export function secondsText(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}

/** `4.88 M` of 4,880,000. */
export function countText(count: number): string {
  const [value, unit] = count >= 1e9 ? [count / 1e9, ' G'] : count >= 1e6 ? [count / 1e6, ' M'] : [count / 1e3, ' k'];
  return count === 0 ? '0' : `${Number(value.toPrecision(3))}${unit}`;
}
