import { expect, it } from 'vitest';
import { Random } from '../../src/random.js';
import { metricByName } from '../../src/registry.js';
import { scoreIntervals } from '../../src/intervals/score-intervals.js';
import { sceneScores } from '../../src/kinds/scene.js';
import { drawAnswers, labelsOf, type CoverageCase } from './coverage-cases.js';

/** `benchmarks/coverage.mjs` asks for more trials and all cases, and prints the table that a guide has. */
const trials = Number(process.env.HEARKEN_COVERAGE_TRIALS ?? 120);
const isThorough = process.env.HEARKEN_COVERAGE_TRIALS !== undefined;

const levels = [0.5, 0.75, 0.9, 0.95, 0.99];
const few: readonly CoverageCase[] = [
  { metric: 'top1_acc', clips: 40, level: 0.95, prevalence: 0.5 },
  { metric: 'aucroc', clips: 40, level: 0.983, prevalence: 0.5 },
  { metric: 'aucroc', clips: 100, level: 0.8, prevalence: 0.2 },
  { metric: 'mAP', clips: 60, level: 0.8, prevalence: 0.2 },
  { metric: 'top1_acc', clips: 100, people: 10, level: 0.9, prevalence: 0.5 },
  { metric: 'aucroc', clips: 120, people: 12, level: 0.9, prevalence: 0.3 },
  { metric: 'mAP', clips: 100, people: 10, level: 0.9, prevalence: 0.3 },
];
const all: readonly CoverageCase[] = (['top1_acc', 'aucroc', 'mAP'] as const).flatMap((metric) => [
  ...[20, 50, 100, 300, 1000].flatMap((clips) => levels.map((level) => ({ metric, clips, level, prevalence: 0.3 }))),
  ...[6, 10, 20, 50].flatMap((people) =>
    levels.map((level) => ({ metric, clips: 10 * people, people, level, prevalence: 0.3 })),
  ),
]);

function scoreOf(one: CoverageCase, random: Random, clips?: number): number {
  const metric = metricByName(one.metric);
  if (metric.kind !== 'scene') throw new TypeError(one.metric);
  return metric.compute(sceneScores(one.metric, drawAnswers(one, random, clips), labelsOf(one))) ?? Number.NaN;
}

/** What the score would be with clips without end. */
function truth(one: CoverageCase): number {
  if (one.metric !== 'mAP') return one.level;
  const random = new Random(99);
  const draws = Array.from({ length: 3 }, () => scoreOf(one, random, 60_000));
  return draws.reduce((sum, score) => sum + score, 0) / draws.length;
}

/** Share of trials whose 95% interval holds the truth. */
function coverage(one: CoverageCase): { readonly share: number; readonly width: number } {
  const [labels, right, random] = [labelsOf(one), truth(one), new Random(one.clips)];
  let [held, counted, width] = [0, 0, 0];
  for (let trial = 0; trial < trials; trial += 1) {
    const interval = scoreIntervals([[drawAnswers(one, random)]], [one.metric], labels, trial)[one.metric];
    // Without a clip of a label there is no score to have an interval of.
    if (interval === null) continue;
    counted += 1;
    width += interval.high - interval.low;
    if (interval.low <= right && right <= interval.high) held += 1;
  }
  return { share: held / counted, width: width / counted };
}

it.each(isThorough ? [] : few)(
  '95% intervals of $metric hold the truth: $clips clips, $people people, true level $level',
  (one) => {
    // Of 120 trials 95% is 114, with a deviation of 2.4; the draws follow from a seed.
    expect(coverage(one).share).toBeGreaterThanOrEqual(0.92);
  },
);

it.skipIf(!isThorough)('prints the coverage of all cases', { timeout: 3_600_000 }, () => {
  const cell = ({ share, width }: ReturnType<typeof coverage>) => `${(100 * share).toFixed(1)} (${width.toFixed(3)})`;
  const rows = new Map<string, string[]>();
  for (const one of all) {
    const name = `${one.metric} | ${one.clips} | ${one.people ?? '-'}`;
    rows.set(name, [...(rows.get(name) ?? []), cell(coverage(one))]);
  }
  const lines = [...rows].map(([name, cells]) => `| ${name} | ${cells.join(' | ')} |`);
  const head = ['metric', 'clips', 'people', ...levels.map(String)];
  process.stdout.write(`\n| ${head.join(' | ')} |\n|${head.map(() => ' --- |').join('')}\n${lines.join('\n')}\n`);
  expect(lines.length).toBeGreaterThan(0);
});
