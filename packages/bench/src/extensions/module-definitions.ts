import { PluginError } from '@hearken/core';
import type { Metric } from '@hearken/metrics';
import type { ProbeDefinition } from '../probes/probe.js';
import { contractVersion, markOf } from './contract.js';

/**
 * The metrics and probes among a module's exports: default or named, single or in lists.
 *
 * @param module the imported module
 * @param origin its name in errors
 * @throws PluginError if there is none, or one was made for another version of the contract
 */
export function definitionsOf(
  module: unknown,
  origin: string,
): { readonly metrics: readonly Metric[]; readonly probes: readonly ProbeDefinition[] } {
  const exported: readonly (readonly [string, unknown])[] = Object.entries(module as object);
  // The same one may be both a named and the default export.
  const values = new Set<unknown>(
    exported.flatMap(([, value]): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value])),
  );
  const definitions = [...values].flatMap((value) => {
    const mark = markOf(value);
    return mark === undefined ? [] : [{ value, mark }];
  });
  const other = definitions.find(({ mark }) => mark.contract !== contractVersion);
  if (other !== undefined) {
    throw new PluginError({
      asked: `extension '${origin}'`,
      found: `a ${other.mark.kind} made with another version of @hearken/bench`,
      fix: "install this command's version of @hearken/bench in its folder",
    });
  }
  if (definitions.length === 0) {
    const names = exported.map(([name]) => name).join(', ');
    throw new PluginError({
      asked: `extension '${origin}'`,
      found: names === '' ? 'no exports' : `no metric or probe among its exports: ${names.slice(0, 200)}`,
      fix: 'export what defineMetric or defineProbe of @hearken/bench returns',
    });
  }
  const ofKind = (kind: string) => definitions.filter(({ mark }) => mark.kind === kind).map(({ value }) => value);
  return { metrics: ofKind('metric') as Metric[], probes: ofKind('probe') as ProbeDefinition[] };
}
