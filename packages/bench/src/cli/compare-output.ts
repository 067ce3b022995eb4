import { type FurtherComparison, hasTooFewGroups, type SeveralComparison } from '@hearken/results/internal/node';
import type { ComparedResult, Comparison, TaskComparison } from '@hearken/results/node';
import { clipCountText } from '@hearken/results/internal';
import { tooFewGroups } from '@hearken/tasks/internal';
import { printable, tableText } from './table.js';

const sides = ['A', 'B'] as const;

/** The table of a comparison, and how to read it. */
export function compareText(comparison: Comparison): string {
  const { comparisons, failures, alone, level } = comparison;
  const numbers = ['n', 'chance', 'A', 'B', 'A - B', '95% interval', 'p', 'p, corrected'];
  const rows = [
    ...comparisons.flatMap((one) => [
      [
        one.task,
        one.metric,
        clipCountText(one),
        chanceText(one),
        ...differenceCells(one),
        probability(one.pValue),
        probability(one.adjustedPValue),
        verdict(one, sides),
      ],
      ...one.further.map((further) => [
        '',
        further.metric,
        furtherCount(further),
        chanceText(further),
        ...differenceCells(further),
        probability(further.pValue),
        '',
        '',
      ]),
    ]),
    ...failures.map(({ task }) => [task, 'not compared', ...numbers.map(() => ''), '']),
  ];
  const only = alone.flatMap((tasks, side) =>
    tasks.length === 0 ? [] : [`Only ${sides[side]} has: ${tasks.join(', ')}\n`],
  );
  return [
    ...sides.map((side, index) =>
      sideText(
        side,
        comparisons.map(({ results }) => results[index]),
      ),
    ),
    differencesText(comparisons),
    tableText(['task', 'metric', ...numbers, 'verdict'], rows, numbers),
    ...comparisons.map(delongText),
    ...only,
    `A difference counts as real if p, corrected for ${count(comparisons.length, 'task')} (Holm), is below ${level}.\n`,
    unitsText(comparisons),
  ].join('');
}

function sideText(side: string, results: readonly ComparedResult[]): string {
  const kinds = new Set(
    results.map(({ model, evaluation }) => {
      const { seed, seeds, pca } = evaluation;
      const components = pca === null ? '' : `, pca ${pca}`;
      const first = seeds > 1 ? `, the first of ${seeds} probe seeds` : '';
      return `${model}, ${evaluation.finetune === undefined ? `probe ${evaluation.probe}` : `fine-tuned with ${evaluation.finetune.recipe}`}${components}, seed ${seed}${first}`;
    }),
  );
  return kinds.size === 0 ? '' : `${side}: ${[...kinds].join('; ')}\n`;
}

/** `They differ in: options.melBands (A: 64, B: 16)`; the same difference on several tasks is listed once. */
function differencesText(comparisons: readonly TaskComparison[]): string {
  const texts = new Set(
    comparisons.flatMap(({ differences }) =>
      differences.map(({ setting, values }) => {
        const [a, b] = values.map((value) => valueText(setting, value));
        return `${setting} (A: ${a}, B: ${b})`;
      }),
    ),
  );
  if (texts.size > 0) return `${printable(`They differ in: ${[...texts].join('; ')}`).replaceAll('\n', ' ')}\n`;
  const isOneModel = comparisons.every(({ results: [a, b] }) => a.model === b.model);
  return isOneModel && comparisons.length > 0 ? 'They have the same model and evaluation settings.\n' : '';
}

function valueText(setting: string, value: unknown): string {
  if (value === null) return setting === 'checkpointSha256' ? 'none' : 'not set';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Enough digits of a hash to distinguish it from others.
  if (/sha256$/i.test(setting)) return text.slice(0, 12);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function delongText({ task, delong }: TaskComparison): string {
  if (delong === undefined) return '';
  const { label, difference, standardError, pValue } = delong;
  return `${task}: DeLong's test of the area of '${label}': ${signed(difference)}, standard error ${standardError.toFixed(4)}, p ${probability(pValue)}, not corrected\n`;
}

function differenceCells({ scores, difference, interval }: Omit<FurtherComparison, 'metric' | 'clips'>): string[] {
  return [
    ...scores.map((score) => score.toFixed(4)),
    signed(difference),
    interval === null ? '-' : `${signed(interval.low)} to ${signed(interval.high)}`,
  ];
}

function verdict(comparison: TaskComparison, names: readonly string[]): string {
  const { better, groups } = comparison;
  if (hasTooFewGroups(comparison)) return `cannot tell: ${groups} groups`;
  return better === null ? 'no difference shown' : `${names[better]} is better`;
}

function furtherCount({ clips: [first, second] }: FurtherComparison): string {
  return first === second ? String(first ?? '-') : `${first ?? '-'} and ${second ?? '-'}`;
}

/** The chance level: two values if the models were trained on different clips. */
function chanceText({ chance }: Pick<TaskComparison, 'chance'>): string {
  const [first, second] = chance.map((level) => level?.toFixed(4) ?? '-');
  return first === second ? first : `${first} and ${second}`;
}

/** What is exchanged and drawn, and a warning about few groups. */
function unitsText(comparisons: readonly TaskComparison[]): string {
  const grouped = comparisons.some(({ groups }) => groups !== undefined);
  const free = comparisons.some(({ groups }) => groups === undefined);
  const units = grouped
    ? free
      ? 'group by group if a task has groups, else clip by clip'
      : 'group by group'
    : 'clip by clip';
  const drawn = grouped ? (free ? 'groups or clips' : 'groups of test clips') : 'test clips';
  const few = comparisons.some(hasTooFewGroups)
    ? `Fewer than ${tooFewGroups} groups cannot tell models apart: a difference would have to hold for nearly all of them.\n`
    : '';
  return `n: test clips. Chance: the same answer for every clip, learned from the training labels. p: both models' answers exchanged ${units}. Interval: other draws of the ${drawn}.\n${few}`;
}

/** The name of a side: A, B, ... Z, AA. */
export function sideName(index: number): string {
  return (index >= 26 ? sideName(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** The table of a comparison of several models, and how to read it. */
export function severalText({
  sides: compared,
  comparisons,
  failures,
  level,
}: Omit<SeveralComparison, 'damaged'>): string {
  const numbers = ['n', 'chance', 'first', 'second', 'difference', '95% interval', 'p', 'p, corrected'];
  const rows = [
    ...comparisons.map((one) => {
      const names = one.sides.map(sideName);
      return [
        one.task,
        one.metric,
        names.join(' - '),
        clipCountText(one),
        chanceText(one),
        ...differenceCells(one),
        probability(one.pValue),
        probability(one.adjustedPValue),
        verdict(one, names),
      ];
    }),
    ...failures.map(({ sides: pair, task }) => [
      task,
      'not compared',
      pair.map(sideName).join(' - '),
      ...numbers.map(() => ''),
      '',
    ]),
  ];
  return [
    ...compared.map(({ model, settings }, index) => {
      const settingTexts = Object.entries(settings).map(([name, value]) => `${name} ${valueText(name, value)}`);
      return `${printable(`${sideName(index)}: ${[model, ...settingTexts].join(', ')}`).replaceAll('\n', ' ')}\n`;
    }),
    tableText(['task', 'metric', 'pair', ...numbers, 'verdict'], rows, numbers),
    `A difference counts as real if p, corrected for ${count(comparisons.length, 'comparison')} (Holm), is below ${level}.\n`,
    unitsText(comparisons),
  ].join('');
}

/** The document that `--json` prints for several models. */
export function severalJson({ sides: compared, comparisons, failures, damaged, level }: SeveralComparison): string {
  const document = {
    level,
    sides: compared.map(({ model, settings, files }, index) => ({
      name: sideName(index),
      model,
      settings,
      files: Object.fromEntries(files),
    })),
    comparisons: comparisons.map(({ sides: pair, results: _results, better, ...rest }) => ({
      pair: pair.map(sideName),
      ...rest,
      better: better === null ? null : sideName(pair[better]),
    })),
    failures: failures.map(({ sides: pair, task, error: { message, asked, found, fix } }) => ({
      pair: pair.map(sideName),
      task,
      error: message,
      asked,
      found,
      fix,
    })),
    damaged,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}

function probability(p: number): string {
  return p < 1e-4 ? '<0.0001' : p.toFixed(4);
}

function count(value: number, what: string): string {
  return `${value} ${what}${value === 1 ? '' : 's'}`;
}

/** The document that `--json` prints. */
export function compareJson({ comparisons, failures, alone, level }: Comparison): string {
  const document = {
    level,
    comparisons: comparisons.map(({ task, metric, results, differences, scores, better, ...rest }) => ({
      task,
      metric,
      a: { ...jsonSide(results[0]), score: scores[0] },
      b: { ...jsonSide(results[1]), score: scores[1] },
      differences: differences.map(({ setting, values: [first, second] }) => ({ setting, a: first, b: second })),
      ...rest,
      better: better === null ? null : (['a', 'b'] as const)[better],
    })),
    failures: failures.map(({ task, error: { message, asked, found, fix } }) => ({
      task,
      error: message,
      asked,
      found,
      fix,
    })),
    onlyInA: alone[0],
    onlyInB: alone[1],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function jsonSide({ path, model, evaluation }: ComparedResult) {
  return { model, evaluation, file: path };
}
