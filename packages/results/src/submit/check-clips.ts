import type { TestAnswers } from '@hearken/metrics/internal';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';
import { countTolerance, knownTask } from './known-tasks.js';
import { shown } from '../format/shown.js';
import type { Problem } from './problem.js';

/** What was found, and what could not be looked at. */
export interface Checked {
  readonly problems: readonly Problem[];
  /** In whole sentences. */
  readonly unchecked: readonly string[];
}

/**
 * Holds the stored test clips against what the result says of its task, and both against what is known of the task: clips that
 * were left out, that come twice, labels that are not the task's.
 */
export function checkClips(result: Result, { labels, answers }: StoredAnswers): Checked {
  const problems: Problem[] = [...twice(result, answers)];
  const { task, evaluation } = result;
  const unequal = (field: string, found: number | string, wanted: number | string, where: string) =>
    problems.push({
      kind: 'score',
      field,
      message: `${field} is ${shown(found)}, ${where} ${shown(wanted)}`,
      stated: found,
      recomputed: wanted,
    });
  if (task.labels !== labels.length) unequal('task.labels', task.labels, labels.length, 'the test clips have');
  const clips = answers.reduce((sum, fold) => sum + fold.clips.length, 0);
  const isWhole = evaluation.generalization === undefined;
  const isFolded = task.splitMode !== 'trainvaltest';
  // Each clip of a task with folds is tested once; elsewhere some are left for training and validation.
  if (isWhole && isFolded && clips !== task.clips) {
    unequal('task.clips', task.clips, clips, 'each is tested once, and the stored test clips are');
  } else if (isWhole && !isFolded && clips > task.clips - 2) {
    unequal('task.clips', task.clips, clips, 'with clips left to train and validate; the stored test clips are');
  }
  if (isWhole && !isFolded && answers.length !== 1) {
    unequal('folds', answers.length, 1, `a task of split mode ${task.splitMode} has`);
  }
  const published = checkPublished(result, isWhole);
  return { problems: [...problems, ...published.problems], unchecked: published.unchecked };
}

function twice({ evaluation }: Result, answers: readonly TestAnswers[]): Problem[] {
  const problems: Problem[] = [];
  const tests = new Set<string>();
  for (const { test, clips } of answers) {
    if (tests.has(test)) problems.push({ kind: 'score', fold: test, message: `fold ${shown(test)} comes twice` });
    tests.add(test);
    // A test split that joins several may have two files of one name.
    if (evaluation.generalization !== undefined) continue;
    const names = new Set<string>();
    const repeated = clips.find((clip) => names.size === names.add(clip).size);
    if (repeated === undefined) continue;
    const message = `fold ${shown(test)}: test clip ${shown(repeated)} comes twice`;
    problems.push({ kind: 'score', fold: test, field: 'testClips', message });
  }
  return problems;
}

/** What the registry says of the task. */
function checkPublished({ task, folds, metric }: Result, isWhole: boolean): Checked {
  const known = knownTask(task.id);
  if (known === undefined) {
    return {
      problems: [],
      unchecked: [`how many clips and which content '${task.id}' has: no registry lists the task`],
    };
  }
  const problems: Problem[] = [];
  const wanted = (field: string, found: number | string, published: number | string | undefined) => {
    if (published === undefined || found === published) return;
    const message = `${field} is ${shown(found)}, ${known.source} has ${shown(published)} for ${task.id}`;
    problems.push({ kind: 'registry', field, message, stated: found, recomputed: published });
  };
  wanted('task.labels', task.labels, known.labels);
  wanted('task.embeddingType', task.embeddingType, known.embeddingType);
  wanted('task.predictionType', task.predictionType, known.predictionType);
  wanted('metric', metric, known.metric);
  if (isWhole) wanted('folds', folds.length, known.folds);
  const unchecked: string[] = [];
  if (Math.abs(task.clips - known.clips) > countTolerance * known.clips) wanted('task.clips', task.clips, known.clips);
  else if (task.clips !== known.clips) {
    unchecked.push(`whether ${task.clips} clips are all: ${known.source} says ${known.clips} for ${task.id}`);
  }
  unchecked.push(`that the content hash is that of the published ${task.id}: none is recorded`);
  return { problems, unchecked };
}
