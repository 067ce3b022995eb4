import type { RootResult } from '../status/campaign-record.js';
import { failureOf } from './failure-text.js';
import type { JobData } from './job-data.js';

/** All failures of a root together have this many characters at most: what it returns is read as a whole. */
const mostCharacters = 120_000;
/** Parts of an error, which are also its message. */
const texts = 6;
const fewestCharacters = 20;

/**
 * The ways of scoring of a root that failed, and why.
 *
 * @param failures texts of the queue by the way's index
 */
export function failedWays(
  { ways }: Pick<JobData<'root'>, 'ways'>,
  failures: Readonly<Record<string, string>>,
): RootResult['failed'] {
  const failed = Object.entries(failures).flatMap(([index, text]) => {
    const way = ways.at(Number(index));
    return way === undefined ? [] : [{ way, text }];
  });
  const most = Math.max(fewestCharacters, Math.floor(mostCharacters / (texts * failed.length)));
  return failed.map(({ way: { name, trainFraction }, text }) => ({
    evaluation: name,
    ...failureOf(text, most),
    ...(trainFraction === undefined ? {} : { trainFraction }),
  }));
}
