import type { TestAnswers } from '@hearken/metrics/internal';
import type { Result } from '../format/result.js';
import type { StoredAnswers } from '../answers/stored-answers.node.js';
import { countTolerance, knownTask } from './known-tasks.js';
import { shown } from '../format/shown.js';
import type { Problem } from './problem.js';

/** The problems found, and what could not be checked. */
export interface Checked {
  readonly problems: readonly Problem[];
  /** In whole sentences. */
  readonly unchecked: readonly string[];
}

/**
 * Compares the stored test clips with what the result says about its task, and both with what is known about the task: clips
 * that are missing or repeated, and labels that are not the task's.
 */
export function checkClips(result: Result, { labels, answers }: StoredAnswers): Checked {
  const problems: Problem[] = [...twice(result, answers)];
  const { task, evaluation } = result;
  const unequal = (field: string, found: number | string, wanted: number | string, where: string) =>
    problems.push({
      kind: 'score',
      field,
      message: `${field} is ${shown(found)}, but ${where} ${shown(wanted)}`,
      stated: found,
      recomputed: wanted,
    });
  if (task.labels !== labels.length) unequal('task.labels', task.labels, labels.length, 'the test clips have');
  const clips = answers.reduce((sum, fold) => sum + fold.clips.length, 0);
  const isWhole = evaluation.generalization === undefined;
  const isFolded = task.splitMode !== 'trainvaltest';
  // In a task with folds, each clip is tested once; in others, some clips are only for training and validation.
  if (isWhole && isFolded && clips !== task.clips) {
    unequal('task.clips', task.clips, clips, 'each clip is tested once, and the number of stored test clips is');
  } else if (isWhole && !isFolded && clips > task.clips - 2) {
    unequal(
      'task.clips',
      task.clips,
      clips,
      'that leaves no clips to train and validate on: the number of stored test clips is',
    );
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
    if (tests.has(test)) problems.push({ kind: 'score', fold: test, message: `fold ${shown(test)} occurs twice` });
    tests.add(test);
    // A test split joined from several may contain two files with the same name.
    if (evaluation.generalization !== undefined) continue;
    const names = new Set<string>();
    const repeated = clips.find((clip) => names.size === names.add(clip).size);
    if (repeated === undefined) continue;
    const message = `fold ${shown(test)}: test clip ${shown(repeated)} occurs twice`;
    problems.push({ kind: 'score', fold: test, field: 'testClips', message });
  }
  return problems;
}

/** Compares the result with what is published about its task. */
function checkPublished({ task, folds, metric }: Result, isWhole: boolean): Checked {
  const known = knownTask(task.id);
  if (known === undefined) {
    return {
      problems: [],
      unchecked: [
        `the number of clips and the content of '${task.id}': the task is not a published one that Hearken knows`,
      ],
    };
  }
  const problems: Problem[] = [];
  const wanted = (field: string, found: number | string, published: number | string | undefined) => {
    if (published === undefined || found === published) return;
    const message = `${field} is ${shown(found)}, but ${known.source} has ${shown(published)} for ${task.id}`;
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
    unchecked.push(
      `whether these ${task.clips} clips are all of them: ${known.source} has ${known.clips} for ${task.id}`,
    );
  }
  unchecked.push(`that the content hash is that of the published ${task.id}: Hearken knows no hash of it`);
  return { problems, unchecked };
}
