import { didYouMean, OptionError } from '@hearken/core';
import { PcaProbe } from './pca/pca-probe.js';
import type { Probe, ProbeContext, ProbeDefinition } from './probe.js';

/** Each is loaded when it is asked for: a run needs one of them, and not the libraries of the others. */
const kinds: Readonly<Record<string, () => Promise<{ readonly default: ProbeDefinition }>>> = {
  mlp: () => import('./kinds/mlp.js'),
  linear: () => import('./kinds/linear.js'),
  logreg: () => import('./kinds/logreg.js'),
};

/** The names of all probes, HEAR's own first. */
export function probeNames(): string[] {
  return Object.keys(kinds);
}

/**
 * The kind of probe that `name` calls.
 *
 * @throws OptionError for an unknown name, with the nearest known one
 */
export async function probeDefinition(name: string): Promise<ProbeDefinition> {
  if (Object.hasOwn(kinds, name)) return (await kinds[name]()).default;
  throw new OptionError({
    asked: `probe '${name}'`,
    found: 'no such probe',
    fix: `${didYouMean(name, probeNames())}known: ${probeNames().join(', ')}`,
  });
}

export interface ProbeOptions {
  /** Train on principal components: how many, or below 1 the share of the variance that they keep together. */
  readonly pca?: number;
}

/**
 * Makes a probe.
 *
 * @throws OptionError for an unknown name, or a `pca` that is neither a share nor a count
 */
export async function createProbe(name: string, context: ProbeContext, options: ProbeOptions = {}): Promise<Probe> {
  const definition = await probeDefinition(name);
  if (options.pca === undefined) return definition.create(context);
  return new PcaProbe(definition.create(context), options.pca, context.createSession);
}
