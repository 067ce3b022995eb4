import { normalizedMean, publishedScore, standardizedScore } from '@hearken/results/internal';
import { hearTasks } from '@hearken/tasks';
import { leaderboard } from '@hearken/tasks/internal';
import { publishedTables } from '../generated/published.js';
import type { BoardModel, BoardScore } from './leaderboard.js';
import { meanOfScores } from './mean-of-scores.js';

const nothingMore = { secondsPerClip: null, costs: [], probe: null, harnessVersions: [], results: [] } as const;
const noMeasurement = {
  low: null,
  high: null,
  deviation: null,
  clips: null,
  groups: null,
  chance: null,
  clinical: [],
  secondsPerClip: null,
  marks: [],
  results: [],
} as const;

/** The published rows: HEAR's leaderboard, and EfficientAT's widths, for which only the mean is published. */
export function publishedModels(slugOf: (text: string) => string): BoardModel[] {
  return [...leaderboardModels(slugOf), ...efficientatModels(slugOf)];
}

function leaderboardModels(slugOf: (text: string) => string): BoardModel[] {
  return leaderboard.map((row) => {
    const given = hearTasks.flatMap(({ title, folders }) =>
      folders.map(({ taskName, mode }) => ({ taskName, mode, score: publishedScore(row, title) })),
    );
    const scores = new Map<string, BoardScore>(
      normalizedMean(given).tasks.map(({ title, score, normalized }) => [
        title,
        { ...noMeasurement, score, normalized, standardized: standardizedScore(title, score) },
      ]),
    );
    const later = row.submitted === 'HEAR 2021' ? [] : [`submitted on ${row.submitted}, after the challenge`];
    return {
      ...nothingMore,
      name: row.model,
      slug: slugOf(`published ${row.model}`),
      origin: 'published',
      source: 'HEAR leaderboard (https://hearbenchmark.com/hear-leaderboard.html)',
      url: safeUrl(row.url),
      notes: later,
      parameters: null,
      macs: null,
      normalized: meanOfScores(scores, 'normalized'),
      standardized: meanOfScores(scores, 'standardized'),
      scores,
    };
  });
}

function efficientatModels(slugOf: (text: string) => string): BoardModel[] {
  const { rows, source } = publishedTables['efficientat-widths'];
  return rows.map(([name, millions, billions, , , average]) => ({
    ...nothingMore,
    name: `EfficientAT ${name}`,
    slug: slugOf(`published efficientat ${name}`),
    origin: 'published' as const,
    source: `EfficientAT (${source})`,
    url: 'https://arxiv.org/abs/2303.01879',
    notes: [
      name === 'mn10' ? 'its mean is from Table II' : 'its mean was read from a plot, to 0.1 of 100',
      'blocks and mel averages; no scores of single tasks were published',
    ],
    parameters: Math.round(Number(millions) * 1e6),
    macs: Number(billions) * 1e9,
    normalized: (average as string) === '' ? null : { value: Number(average) / 100, low: null, high: null, tasks: 19 },
    standardized: null,
    scores: new Map<string, BoardScore>(),
  }));
}

/** Only URLs that a browser may follow. */
function safeUrl(url: string): string | null {
  return /^https?:\/\//.test(url) ? url : null;
}
