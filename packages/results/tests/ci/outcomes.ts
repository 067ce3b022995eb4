import { parseResult } from '../../src/format/read-result.js';
import type { ScoredOutcome, UnscoredOutcome } from '../../src/ci/run-outcome.js';
import { type MadeResult, resultDocument } from '../../../../tests/support/made-results.js';

/** A model on a task with a made-up result. */
export function scored(made: MadeResult = {}, more: Partial<ScoredOutcome> = {}): ScoredOutcome {
  const read = parseResult(JSON.stringify(resultDocument(made)));
  if ('problems' in read) throw new Error(read.problems[0].message);
  const { result } = read;
  const model = `${result.model.plugin}:${result.model.model}`;
  return { task: result.task.id, model, result, path: 'results/a.json', reused: false, ...more };
}

/** A model on a task that failed. */
export function failed(message = 'it broke', more: Partial<UnscoredOutcome> = {}): UnscoredOutcome {
  return { task: 'noises-v1-full', model: 'made:small', error: new Error(message), ...more };
}
