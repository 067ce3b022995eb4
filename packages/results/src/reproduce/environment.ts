import { executionOf } from '../models/execution.js';
import type { Result } from '../format/result.js';

/** A version, or a part of the machine, of a result and of another run. */
export interface EnvironmentRow {
  /** What it is. */
  readonly what: string;
  /** In the result; `unknown` if it does not say. */
  readonly recorded: string;
  /** In the new run. */
  readonly here: string;
}

/** The versions and machines of two results, by which equal work can have other numbers. */
export function environmentRows(recorded: Result, here: Result): EnvironmentRow[] {
  const [first, second] = [recorded, here].map(environmentOf);
  return Object.keys(first).map((what) => ({ what, recorded: first[what], here: second[what] }));
}

function environmentOf(result: Result): Record<string, string> {
  const { harness, model, task, machine, leftOut = [], resampler } = result;
  const execution = executionOf(model);
  const { threads } = execution ?? {};
  // Results of version 1 may lack any part of the machine.
  const known = (value: string | number | undefined) => (value === undefined ? 'unknown' : String(value));
  const { node, platform, architecture, processor, cores } = machine as Partial<typeof machine>;
  return {
    hearken: known(harness.version),
    plugin: `${model.plugin} ${model.pluginVersion}`,
    runtime: known(execution?.runtime),
    threads: known(threads),
    resampler: resampler === undefined ? 'none' : `${resampler.name} ${resampler.version}`,
    clips: `${task.clips}${leftOut.length === 0 ? '' : `, ${leftOut.length} left out`}`,
    'Node.js': known(node),
    system: `${known(platform)} ${known(architecture)}`,
    processor: known(processor),
    cores: known(cores),
  };
}
