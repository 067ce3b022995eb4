import { didYouMean, OptionError } from '@hearken/core';
import { PcaProbe } from './pca/pca-probe.js';
import type { Probe, ProbeContext, ProbeDefinition } from './probe.js';

/** Each is loaded on demand: a run needs one of them, and not the libraries of the others. */
const kinds: Readonly<Record<string, () => Promise<{ readonly default: ProbeDefinition }>>> = {
  mlp: () => import('./kinds/mlp.js'),
  linear: () => import('./kinds/linear.js'),
  logreg: () => import('./kinds/logreg.js'),
};

/** The model's own head in place of a probe, which is scored without training. */
export const headProbe = 'head';

/** The model itself, trained by a recipe, in place of a probe. */
export const finetuneProbe = 'finetune';

/** The names of all probes that are trained, HEAR's probe first. */
export function probeNames(): string[] {
  return Object.keys(kinds);
}

/**
 * Checks that there is such a probe, without loading it.
 *
 * @param custom custom probes, see `defineProbe`
 * @throws OptionError for an unknown name; suggests the nearest known one
 */
export function checkProbeName(name: string, custom: readonly ProbeDefinition[] = []): void {
  const known = [...probeNames(), headProbe, finetuneProbe, ...custom.map((definition) => definition.name)];
  if (known.includes(name)) return;
  throw new OptionError({
    asked: `probe '${name}'`,
    found: 'no such probe',
    fix: `${didYouMean(name, known)}known: ${known.join(', ')}; load a custom one with --extension`,
  });
}

/**
 * The kind of probe with this name.
 *
 * @param custom custom probes, see `defineProbe`
 * @throws OptionError for an unknown name; suggests the nearest known one
 */
export async function probeDefinition(name: string, custom: readonly ProbeDefinition[] = []): Promise<ProbeDefinition> {
  checkProbeName(name, custom);
  if (name === headProbe) return (await import('./head-probe.js')).default;
  if (name === finetuneProbe) return (await import('./finetune-probe.js')).default;
  if (Object.hasOwn(kinds, name)) return (await kinds[name]()).default;
  return custom.find((definition) => definition.name === name)!;
}

export interface ProbeOptions {
  /** Train on principal components: their number, or below 1 the share of the variance that they keep. */
  readonly pca?: number;
  /** Custom probes, see `defineProbe`. */
  readonly probes?: readonly ProbeDefinition[];
}

/**
 * Makes a probe.
 *
 * @throws OptionError for an unknown name, or a `pca` that is neither a share nor a count
 */
export async function createProbe(name: string, context: ProbeContext, options: ProbeOptions = {}): Promise<Probe> {
  const definition = await probeDefinition(name, options.probes);
  if (options.pca === undefined) return definition.create(context);
  return new PcaProbe(definition.create(context), options.pca, context.createSession);
}
