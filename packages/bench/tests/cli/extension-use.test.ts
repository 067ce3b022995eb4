import { describe, expect, it } from 'vitest';
import { ExtensionUse } from '../../src/cli/extension-use.js';
import type { Extensions } from '../../src/extensions/extensions.js';
import type { Task } from '@hearken/tasks';

const extensions = {
  metrics: [{ name: 'uar' }, { name: 'mcc' }],
  probes: [{ name: 'nearest' }],
} as unknown as Extensions;
const task = (...evaluation: string[]) => ({ metadata: { evaluation } }) as unknown as Pick<Task, 'metadata'>;

function warnings(probe: string, ...tasks: Pick<Task, 'metadata'>[]) {
  const use = new ExtensionUse(extensions, [probe]);
  for (const one of tasks) expect(use.sees(one)).toBe(true);
  return use.warnings();
}

describe('ExtensionUse', () => {
  it('names each metric and probe where nothing of a run is theirs', () => {
    expect(warnings('mlp', task('top1_acc'), task('mAP'))).toEqual([
      "Warning: no task uses 'uar': add it to a task's evaluation",
      "Warning: no task uses 'mcc': add it to a task's evaluation",
      "Warning: probe 'nearest' is not used: choose it with --probe nearest",
    ]);
  });

  it('is content with one metric that a task names, with the probe, and without any task', () => {
    expect(warnings('mlp', task('top1_acc'), task('top1_acc', 'mcc'))).toEqual([]);
    expect(warnings('nearest', task('top1_acc'))).toEqual([]);
    expect(warnings('mlp')).toEqual([]);
  });
});
