import type { Metric } from '@hearken/metrics';
import type { ExtensionRecord } from '../format/result.js';

/** What every metric and probe that is not Hearken's says of itself. */
export interface DescribedExtension {
  /** What a task's `evaluation` or `--probe` calls it. */
  readonly name: string;
  /** One line: what it measures, or how it learns. */
  readonly summary: string;
  /** What its author gave it. */
  readonly version?: string;
}

/** Where a module is, and what it holds. */
export interface ModuleSource {
  /** Where it is imported from. */
  readonly url: string;
  /** SHA-256 of its file in hexadecimal; where that imports files of its own, of them all. */
  readonly sha256: string;
}

/** A module that metrics and probes come from. */
export interface ExtensionModule<Probe extends DescribedExtension = DescribedExtension> extends ModuleSource {
  /** What results call it: a file's name, or a package with its version. */
  readonly name: string;
  /** What it exports that `defineMetric` made. */
  readonly metrics: readonly Metric[];
  /** What it exports that `defineProbe` made. */
  readonly probes: readonly Probe[];
}

/** Custom metrics and probes. There is no global registry: they are passed to the functions that need them. */
export interface Extensions<Probe extends DescribedExtension = DescribedExtension> {
  /** What `defineMetric` made. */
  readonly metrics?: readonly Metric[];
  /** What `defineProbe` made. */
  readonly probes?: readonly Probe[];
  /** The modules that `metrics` and `probes` come from, as far as they come from modules: see `loadExtensions`. */
  readonly extensionModules?: readonly ExtensionModule<Probe>[];
}

/** The module that a metric or probe comes from; undefined where the caller passed it without any. */
export function moduleOf(definition: object, { extensionModules = [] }: Extensions): ExtensionModule | undefined {
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

function sourceRecord(kind: ExtensionRecord['kind'], definition: DescribedExtension, extensions: Extensions) {
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
