import { clipCountText } from '../result/clip-count-text.js';
import { markdownTable, markdownText } from '../score-table/format-rows.js';
import { missedText, type MissedThreshold } from './check-thresholds.js';
import { evaluationText, isScored, type RunOutcome, type ScoredOutcome } from './run-outcome.js';

/** GitHub does not show a step's summary of over 1 MiB, so that of a large run is cut. */
const mostRows = 1000;
const mostProblems = 200;
const longestText = 500;

const numbers = ['score', '95% interval', 'n', 'chance'];
const head = ['', 'model', 'task', 'evaluation', 'metric', ...numbers];

/**
 * The summary of a run for the page of a GitHub workflow: a heading, a table of all scores, and what failed. Markup in
 * names and messages is escaped.
 *
 * @param missed what `checkThresholds` found
 */
export function githubSummary(outcomes: readonly RunOutcome[], missed: readonly MissedThreshold[]): string {
  const failed = outcomes.flatMap((outcome) => (isScored(outcome) ? [] : [outcome]));
  const rows = outcomes.flatMap((outcome) =>
    isScored(outcome)
      ? scoreRows(outcome, missed)
      : [['❌', outcome.model, outcome.task, '', 'failed', '', '', '', '']],
  );
  const problems = [
    ...failed.map(({ task, model, error }) => `${model} on ${task}: ${error.message}`),
    ...missed.map(missedText),
  ];
  const verdict = problems.length === 0 ? 'passed' : `${problems.length} of the checks failed`;
  const shown = rows.slice(0, mostRows).map((row) => row.map(oneLine));
  return [
    `## Hearken: ${verdict}\n\n`,
    markdownTable({ head, rows: shown, numbers }),
    rows.length > mostRows ? `\n${rows.length - mostRows} more rows are in the results.\n` : '',
    problems.length === 0 ? '' : '\n',
    ...problems.slice(0, mostProblems).map((text) => `- ${markdownText(oneLine(text))}\n`),
    problems.length > mostProblems ? `\n${problems.length - mostProblems} more failed.\n` : '',
    '\n',
  ].join('');
}

/** The deciding metric, and those with a threshold that was missed. */
function scoreRows(outcome: ScoredOutcome, missed: readonly MissedThreshold[]): string[][] {
  const { model, task, result } = outcome;
  const wrong = new Set(missed.filter((one) => one.outcome === outcome).map(({ threshold }) => threshold.metric));
  return [...new Set([result.metric, ...wrong])].map((metric) => {
    const score = result.scores[metric];
    const { low = null, high = null } = score.interval ?? {};
    return [
      wrong.has(metric) ? '❌' : '✅',
      model,
      task,
      evaluationText(result.evaluation),
      metric,
      decimals(score.mean),
      low === null || high === null ? '-' : `${decimals(low)} to ${decimals(high)}`,
      score.clips === undefined ? '-' : clipCountText(score),
      decimals(score.chance),
    ];
  });
}

function decimals(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(4);
}

/** A line of a table or a list ends at the first line break. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > longestText ? `${line.slice(0, longestText - 1)}…` : line;
}
