import { dirname } from 'node:path';
import { Option, type Command } from 'commander';
import { OptionError } from '@hearken/core';
import { checkOutput, checkWritable, openOutput, writeFileAtomic, writing } from '@hearken/core/node';
import { type Metric, metricByName } from '@hearken/metrics';
import {
  type CheckedThresholds,
  checkThresholds,
  githubSummary,
  junitText,
  missedText,
  parseThreshold,
  type Threshold,
} from '@hearken/results/internal';
import type { TaskOutcome } from '../run/benchmark.js';
import { done, someFailed, statusOf } from './exit-status.js';
import { printable } from './table.js';
import { collected } from './repeated-options.js';
import type { CommandContext } from './streams.js';

/** Values of the options for runs in CI. */
export interface CheckOptions {
  readonly failUnder?: readonly string[];
  readonly junit?: string;
  readonly githubSummary?: boolean;
}

/** Adds `--fail-under`, `--junit` and `--github-summary`. */
export function addCheckOptions(command: Command): Command {
  return command
    .addOption(
      collected(
        new Option(
          '--fail-under <threshold>',
          'exit with status 1 unless scores meet METRIC>=VALUE or TASK:METRIC>=VALUE, in quotes; also >, <= and <; can be repeated',
        ),
      ),
    )
    .option('--junit <file>', 'also write the outcomes as JUnit XML')
    .option('--github-summary', 'also append a table to the summary of a GitHub workflow step');
}

/** Checks and reports the outcomes of a run; returns the command's exit status. */
export type RunChecks = (outcomes: readonly TaskOutcome[]) => Promise<number>;

/**
 * What the options require after a run. Invalid options are found before it.
 *
 * @param metrics custom metrics, which thresholds may name
 * @throws OptionError for an invalid threshold or an unknown metric, and outside a GitHub workflow; FileError
 *   if a report cannot be written
 */
export async function runChecks(
  { failUnder = [], junit, githubSummary: summarize = false }: CheckOptions,
  metrics: readonly Metric[] | undefined,
  context: CommandContext,
): Promise<RunChecks> {
  const thresholds = failUnder.map(parseThreshold);
  for (const { metric } of thresholds) metricByName(metric, metrics);
  if (junit !== undefined) {
    await checkWritable(dirname(junit));
    await checkOutput(junit);
  }
  const summary = summarize ? await summaryFile() : undefined;
  return async (outcomes) => {
    const checked = checkThresholds(thresholds, outcomes);
    const { missed } = checked;
    if (junit !== undefined) await writeFileAtomic(junit, junitText(outcomes, missed, new Date()));
    if (summary !== undefined) await append(summary, githubSummary(outcomes, missed));
    if (thresholds.length > 0) context.stderr.write(printable(checkedText(thresholds, checked)));
    const status = statusOf(outcomes);
    return status === done && missed.length > 0 ? someFailed : status;
  };
}

function checkedText(thresholds: readonly Threshold[], { compared, missed }: CheckedThresholds): string {
  const scores = `${compared} ${compared === 1 ? 'score' : 'scores'}`;
  const of = thresholds.map(({ text }) => text).join(', ');
  if (missed.length === 0) return `--fail-under ${of}: met by ${scores}\n`;
  const lines = missed.map((one) => `  ${missedText(one).replace(/\s+/g, ' ')}\n`);
  return `Error: --fail-under ${of}: ${missed.length} missed, ${scores} compared\n${lines.join('')}`;
}

/** The file that GitHub names for the summary of a workflow's step. */
async function summaryFile(): Promise<string> {
  const { GITHUB_STEP_SUMMARY: path } = process.env;
  if (path === undefined || path === '') {
    throw new OptionError({
      asked: '--github-summary',
      found: 'no GITHUB_STEP_SUMMARY in the environment',
      fix: 'use it in a step of a GitHub workflow, or set GITHUB_STEP_SUMMARY to a file',
    });
  }
  await checkOutput(path);
  return path;
}

/** A step may run several commands, each with a part of the summary. */
async function append(path: string, text: string): Promise<void> {
  await writing(path, async () => {
    const file = await openOutput(path);
    try {
      const [bytes, { size }] = [Buffer.from(text), await file.stat()];
      for (let written = 0; written < bytes.length;) {
        written += (await file.write(bytes, written, bytes.length - written, size + written)).bytesWritten;
      }
    } finally {
      await file.close();
    }
  });
}
