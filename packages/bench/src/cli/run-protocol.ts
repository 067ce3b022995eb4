import { HearkenError, TaskError } from '@hearken/core';
import { meanScores, type Protocol } from '@hearken/results';
import { type CollectedScores, collectScores, type ResultSelection } from '@hearken/results/node';
import { tasksOf } from '@hearken/results/internal';
import { hasFailed, type TaskOutcome } from '../run/benchmark.js';

/** The error if a protocol uses none of the task folders. */
export function noTasksOf(protocol: Protocol, paths: readonly string[]): TaskError {
  return new TaskError({
    asked: `tasks of protocol '${protocol.name}' in ${paths.map((path) => `'${path}'`).join(', ')}`,
    found: `none of its ${tasksOf(protocol).length} tasks`,
    fix: `pass folders of its tasks: 'hearken protocols show ${protocol.name}' lists them`,
  });
}

/** The aggregated scores of a run by its protocol, for each share of the training clips, and what is missing. */
export async function protocolSummary(
  protocol: Protocol,
  outcomes: readonly TaskOutcome[],
  { trainFractions = [1], generalize: column }: { trainFractions?: readonly number[]; generalize?: string },
): Promise<string> {
  const texts: string[] = [];
  for (const trainFraction of trainFractions) {
    const head = trainFraction === 1 ? '' : `${trainFraction} of the training clips, `;
    texts.push(`${head}${await shareSummary(protocol, outcomes, { trainFraction, column })}`);
  }
  return texts.join('');
}

async function shareSummary(protocol: Protocol, outcomes: readonly TaskOutcome[], selection: ResultSelection) {
  const results = outcomes.flatMap((outcome) =>
    hasFailed(outcome) ? [] : [{ path: outcome.path, result: outcome.result }],
  );
  const models = await collectScores(protocol, results, selection).catch((error: unknown) => {
    if (error instanceof HearkenError) return error;
    throw error;
  });
  // The results are fine; only the protocol cannot aggregate them.
  if (models instanceof HearkenError) return `${protocol.name}: ${models.message}\n`;
  const all = tasksOf(protocol).length;
  if (models.length === 0) {
    return `${protocol.name}: none of its ${all} tasks has a score; 'hearken protocols show ${protocol.name}' lists them\n`;
  }
  return models.map((model) => `${aggregateLine(protocol, model)}${missingLine(protocol, model)}`).join('');
}

function aggregateLine(protocol: Protocol, model: CollectedScores): string {
  const all = tasksOf(protocol).length;
  if (protocol.aggregation === 'reciprocal-rank') {
    return `${model.model}: ${model.scores.size} of ${all} tasks of ${protocol.name}; 'hearken protocols score RESULTS... --protocol ${protocol.name}' ranks it among other models\n`;
  }
  const { overall } = meanScores(protocol, model);
  const what = protocol.aggregation === 'normalized' ? 'mean normalised score' : 'mean score';
  const mean = overall.mean === null ? '-' : overall.mean.toFixed(4);
  return `${model.model}: ${what} ${mean} over ${overall.tasks.length} of ${all} tasks of ${protocol.name} (${overall.tasks.join(', ')})\n`;
}

function missingLine(protocol: Protocol, { missing }: CollectedScores): string {
  const titles = tasksOf(protocol).filter(({ title }) => missing.some(({ task }) => task === title));
  return titles.length === 0 ? '' : `Missing: ${titles.map(({ title }) => title).join(', ')}\n`;
}
