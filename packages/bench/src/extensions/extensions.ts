import { PluginError } from '@hearken/core';
import type { Metric } from '../metrics/metric.js';
import { metricNames } from '../metrics/registry.js';
import type { ProbeDefinition } from '../probes/probe.js';
import { probeNames } from '../probes/registry.js';
import type { ExtensionKind } from './contract.js';

/** Where a module is, and what it holds. */
export interface ModuleSource {
  /** Where it is imported from. */
  readonly url: string;
  /** SHA-256 of its file in hexadecimal; where that imports files of its own, of them all. */
  readonly sha256: string;
}

/** A module that metrics and probes come from. */
export interface ExtensionModule extends ModuleSource {
  /** What results call it: a file's name, or a package with its version. */
  readonly name: string;
  /** What it exports that `defineMetric` made. */
  readonly metrics: readonly Metric[];
  /** What it exports that `defineProbe` made. */
  readonly probes: readonly ProbeDefinition[];
}

/** Metrics and probes beside Hearken's own. Nothing is registered anywhere: whoever is to know of them is passed them. */
export interface Extensions {
  /** What `defineMetric` made. */
  readonly metrics?: readonly Metric[];
  /** What `defineProbe` made. */
  readonly probes?: readonly ProbeDefinition[];
  /** The modules that `metrics` and `probes` come from, as far as they come from modules: see `loadExtensions`. */
  readonly extensionModules?: readonly ExtensionModule[];
}

/** What of some options is extensions. */
export function extensionsOf({ metrics, probes, extensionModules }: Extensions): Extensions {
  return { metrics, probes, extensionModules };
}

/** A metric or probe as results keep it: enough to tell its scores from another version's, and to read them without it. */
export interface ExtensionRecord {
  /** Which of the two it is. */
  readonly kind: ExtensionKind;
  /** What a task's `evaluation` or `--probe` calls it. */
  readonly name: string;
  /** What its author gave it. */
  readonly version: string;
  /** One line: what it measures, or how it learns. */
  readonly summary: string;
  /** Of a metric: whether more is better. */
  readonly maximize?: boolean;
  /** Of a metric: least and greatest score; null where there is no bound. */
  readonly range?: readonly [number | null, number | null];
  /** File name of its module, or its package with version; null where the caller passed it without any. */
  readonly module: string | null;
  /** SHA-256 of the module, see {@link ExtensionModule}; null without one. */
  readonly sha256: string | null;
}

/** What of an extension decides scores. */
export type ExtensionIdentity = Pick<ExtensionRecord, 'kind' | 'name' | 'version' | 'sha256'>;

/**
 * Makes sure that every name means one thing.
 *
 * @throws PluginError for a name that Hearken has, or that two extensions have; it names both sources
 */
export function checkExtensions(extensions: Extensions): void {
  checkNames('metric', extensions.metrics ?? [], metricNames(), extensions);
  checkNames('probe', extensions.probes ?? [], probeNames(), extensions);
}

function checkNames(
  kind: ExtensionKind,
  own: readonly { readonly name: string }[],
  builtIn: readonly string[],
  extensions: Extensions,
): void {
  own.forEach((one, index) => {
    const earlier = own.slice(0, index).find(({ name }) => name === one.name);
    const isBuiltIn = builtIn.includes(one.name);
    if (earlier === undefined && !isBuiltIn) return;
    const sourceOf = (definition: object) => moduleOf(definition, extensions)?.url ?? 'the caller';
    throw new PluginError({
      asked: `${kind} '${one.name}' of ${sourceOf(one)}`,
      found: isBuiltIn ? `a ${kind} of that name in Hearken itself` : `one of that name of ${sourceOf(earlier!)}, too`,
      fix: 'give it another name: results are told apart by it',
    });
  });
}

function moduleOf(definition: object, { extensionModules = [] }: Extensions): ExtensionModule | undefined {
  return extensionModules.find(({ metrics, probes }) => ([...metrics, ...probes] as object[]).includes(definition));
}

/**
 * The extensions that an evaluation makes use of.
 *
 * @param evaluation names of the task's metrics
 * @param probe name of the probe
 */
export function usedExtensions(
  extensions: Extensions,
  evaluation: readonly string[],
  probe: string,
): { readonly records: readonly ExtensionRecord[]; readonly areAllOfModules: boolean } {
  const metrics = (extensions.metrics ?? []).filter(({ name }) => evaluation.includes(name));
  const probes = (extensions.probes ?? []).filter(({ name }) => name === probe);
  const records = [
    ...metrics.map((metric) => ({ ...sourceRecord('metric', metric, extensions), ...metricRecord(metric) })),
    ...probes.map((one) => sourceRecord('probe', one, extensions)),
  ];
  return { records, areAllOfModules: records.every(({ sha256 }) => sha256 !== null) };
}

function sourceRecord(kind: ExtensionKind, definition: Metric | ProbeDefinition, extensions: Extensions) {
  const { name, version = '', summary } = definition;
  const module = moduleOf(definition, extensions);
  return { kind, name, version, summary, module: module?.name ?? null, sha256: module?.sha256 ?? null };
}

function metricRecord({ maximize, range }: Metric): Pick<ExtensionRecord, 'maximize' | 'range'> {
  if (range === undefined) return { maximize };
  // JSON has no infinity.
  const [low, high] = range.map((bound) => (Number.isFinite(bound) ? bound : null));
  return { maximize, range: [low, high] };
}

/** What decides scores, of each: what a run is known by. */
export function extensionIdentities(records: readonly ExtensionIdentity[]): ExtensionIdentity[] {
  return records
    .map(({ kind, name, version, sha256 }) => ({ kind, name, version, sha256 }))
    .sort((left, right) => (`${left.kind} ${left.name}` < `${right.kind} ${right.name}` ? -1 : 1));
}
