import { expect, it } from 'vitest';
import { TaskError } from '@hearken/core';
import { resultsJson, resultsTable } from '../../src/cli/results-output.js';

it('has no table where no task has a score: the errors have said why', () => {
  const error = new TaskError({ asked: "task 'nowhere'", found: 'no such folder', fix: 'check the path' });
  const failed = { task: 'nowhere', model: 'fake:small', error };
  expect(resultsTable([failed])).toBe('');
  expect(resultsTable([])).toBe('');
  expect(JSON.parse(resultsJson([failed]))).toMatchObject([{ task: 'nowhere', found: 'no such folder' }]);
});
