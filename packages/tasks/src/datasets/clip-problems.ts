import { TaskError } from '@hearken/core';
import { csvLine } from './csv-line.js';
import type { PlannedClip } from './planned-clip.js';

/** What is wrong with the signal of one clip. */
export interface SignalProblem {
  /**
   * `unusable`: no task can use the clip (missing, not decodable, too short): the conversion stops, or leaves it out.
   * `suspicious`: it can be used, but is probably not right (flat, silent, wrong unit): it is kept with a warning, or
   * left out.
   */
  readonly severity: 'unusable' | 'suspicious';
  /** What was found, without the file name: `lead V2 is flat`. */
  readonly found: string;
  /** What to do about it. */
  readonly fix: string;
}

/** What is wrong with a recording, or with one clip of it. */
export interface ClipProblem extends SignalProblem {
  /** Path of the recording, relative to the source folder; for a missing file, as in the annotation. */
  readonly source: string;
  /** The clip; default: all clips of the recording. */
  readonly clip?: PlannedClip;
  /** Where the file is mentioned, such as `line 3 of 'table.csv'`. */
  readonly place?: string;
}

/** Which problem clips a conversion leaves out. */
export interface ProblemChoice {
  /** Leave out unusable clips instead of stopping. */
  readonly allowMissing?: boolean;
  /** Leave out suspicious clips, too. */
  readonly skipBad?: boolean;
}

/** Whether a clip with this problem is left out. */
export function isLeftOut(
  { severity }: Pick<ClipProblem, 'severity'>,
  { allowMissing, skipBad }: ProblemChoice,
): boolean {
  return skipBad === true || (allowMissing === true && severity === 'unusable');
}

/** Whether a clip with this problem stops the conversion. */
export function stopsConversion(problem: Pick<ClipProblem, 'severity'>, choice: ProblemChoice): boolean {
  return problem.severity === 'unusable' && !isLeftOut(problem, choice);
}

/** Errors and warnings name this many problems one by one. */
export const namedProblems = 10;

/** One line about a problem: where it is, and what was found. */
export function problemText({ source, clip, place, found }: ClipProblem): string {
  const cut =
    clip?.start === undefined && clip?.end === undefined
      ? ''
      : ` from ${clip.start ?? 0} to ${clip.end ?? 'its end'} s`;
  return `${place === undefined ? '' : `${place}: `}'${source.slice(0, 200)}'${cut} (${found})`;
}

/**
 * The error about recordings that no task can use.
 *
 * @param more whether the search ended before all recordings were checked
 */
export function unusableRecordings(folder: string, problems: readonly ClipProblem[], more = false): TaskError {
  const named = problems.slice(0, namedProblems).map(problemText).join('; ');
  const rest = problems.length - namedProblems;
  const fixes = [...new Set(problems.map(({ fix }) => fix))].slice(0, 3).join(', or ');
  const count = `${problems.length}${more ? ' or more' : ''}`;
  return new TaskError({
    asked: `recordings of '${folder}'`,
    found: `${count} that cannot be used: ${named}${rest > 0 ? `; and ${rest} more` : ''}`,
    fix: `${fixes}; or leave them out with --allow-missing, which lists them in problems.csv`,
  });
}

/** File of a task folder that lists recordings and clips with problems. */
export const problemListName = 'problems.csv';

/** One row per problem: recording, clip, what was found, and whether the clip was left out. */
export function problemList(problems: readonly ClipProblem[], choice: ProblemChoice): string {
  const rows = problems.map((problem) =>
    csvLine([
      problem.source,
      problem.clip?.name ?? '',
      problem.clip?.start ?? '',
      problem.clip?.end ?? '',
      problem.severity,
      isLeftOut(problem, choice) ? 'yes' : 'no',
      problem.place === undefined ? problem.found : `${problem.place}: ${problem.found}`,
      problem.fix,
    ]),
  );
  return csvLine(['source', 'clip', 'start', 'end', 'severity', 'left_out', 'found', 'fix']) + rows.join('');
}

/** Sentences about problems that did not stop the conversion: how many, the first ones, and where all are listed. */
export function problemWarnings(problems: readonly ClipProblem[], choice: ProblemChoice): string[] {
  const left = problems.filter((problem) => isLeftOut(problem, choice));
  const kept = problems.filter((problem) => !isLeftOut(problem, choice));
  const about = (some: readonly ClipProblem[]) => {
    const named = some.slice(0, 3).map(problemText).join('; ');
    return `${named}${some.length > 3 ? `; and ${some.length - 3} more` : ''}. All are listed in ${problemListName} in the task folders.`;
  };
  const warnings: string[] = [];
  if (left.length > 0) warnings.push(`Left out ${countOf(left)}: ${about(left)}`);
  if (kept.length > 0) {
    warnings.push(
      `Kept ${countOf(kept)} that look${kept.length === 1 ? 's' : ''} wrong: ${about(kept)} --skip-bad leaves them out.`,
    );
  }
  return warnings;
}

function countOf(problems: readonly ClipProblem[]): string {
  const recordings = new Set(problems.map(({ source }) => source)).size;
  return `${recordings} recording${recordings === 1 ? '' : 's'}`;
}
