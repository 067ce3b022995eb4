import { FileError } from '@hearken/core';
import { extensionText, metricRecordOf } from '../extensions/extension-records.js';
import { type Metric, metricNames } from '@hearken/metrics';
import { type TestAnswers, weightedMetric } from '@hearken/metrics/internal';
import { readResult } from '../format/read-result.node.js';
import type { Result } from '../format/result.js';
import { answersFault, readStoredAnswers } from '../answers/stored-answers.node.js';

/** A result with the data that its score was computed from. */
export interface ScoredResult {
  /** Its file. */
  readonly path: string;
  /** What the file says. */
  readonly result: Result;
  /** By index. */
  readonly labels: readonly string[];
  /** The first seed's answers, fold by fold. */
  readonly answers: readonly TestAnswers[];
}

/**
 * Reads a result with the test clips and predictions next to it, and checks that they reproduce its scores.
 *
 * @param custom custom metrics; 'unchecked' accepts the stated scores of unknown metrics
 * @throws FileError naming the file that is missing, damaged or belongs to another result, or the custom metric that is not loaded
 */
export async function readScoredResult(
  path: string,
  custom: readonly Metric[] | 'unchecked' = [],
): Promise<ScoredResult> {
  const result = await readResult(path);
  const { labels, answers } = await readStoredAnswers(path, result);
  const known = custom === 'unchecked' ? [] : custom;
  const isKnown = metricNames(known).includes(result.metric);
  if (!isKnown && custom !== 'unchecked') throw needsExtension(path, result);
  if (isKnown) checkScores(path, result, { labels, answers }, known);
  return { path, result, labels, answers };
}

function needsExtension(path: string, { metric, extensions }: Result): FileError {
  const record = metricRecordOf(extensions, metric)!;
  return new FileError({
    asked: `metric '${metric}' of result '${path}'`,
    found: `the custom ${extensionText(record)}, which is not loaded`,
    fix: 'pass it with --extension',
  });
}

/** If files were mixed up, the comparison would be of other models. */
function checkScores(
  path: string,
  { metric, folds }: Result,
  { labels, answers }: Pick<ScoredResult, 'labels' | 'answers'>,
  custom: readonly Metric[],
): void {
  const given = answers.map((fold) => {
    const weighted = weightedMetric(metric, fold, labels, custom);
    return weighted.score(new Uint16Array(weighted.count).fill(1));
  });
  const agrees = folds.every(({ test, scores }, index) => {
    const [found, said] = [given[index], scores[metric]];
    if (answers[index]?.test !== test) return false;
    return found === null || said === null ? found === said : Math.abs(found - said) <= 1e-9;
  });
  if (agrees && folds.length === answers.length) return;
  throw answersFault(
    `the files next to result '${path}'`,
    `they give ${metric} ${given.join(', ')}, which is not the score in the result`,
  );
}
