import type { Metric } from '@hearken/metrics';
import type { ExtensionRecord } from '../format/result.js';

/** What every custom metric and probe says about itself. */
export interface DescribedExtension {
  /** Its name in a task's `evaluation` or in `--probe`. */
  readonly name: string;
  /** What it measures or how it learns, in one line. */
  readonly summary: string;
  /** Given by its author. */
  readonly version?: string;
}

/** Where a module is, and the hash of its content. */
export interface ModuleSource {
  /** Where it is imported from. */
  readonly url: string;
  /** SHA-256 in hexadecimal of its file and of the local files that it imports, if any. */
  readonly sha256: string;
}

/** A module that exports custom metrics or probes. */
export interface ExtensionModule<Probe extends DescribedExtension = DescribedExtension> extends ModuleSource {
  /** Its name in results: a file name, or a package with its version. */
  readonly name: string;
  /** The metrics that it exports, made by `defineMetric`. */
  readonly metrics: readonly Metric[];
  /** The probes that it exports, made by `defineProbe`. */
  readonly probes: readonly Probe[];
}

/** Custom metrics and probes. There is no global registry: they are passed to the functions that need them. */
export interface Extensions<Probe extends DescribedExtension = DescribedExtension> {
  /** Made by `defineMetric`. */
  readonly metrics?: readonly Metric[];
  /** Made by `defineProbe`. */
  readonly probes?: readonly Probe[];
  /** The modules of those `metrics` and `probes` that come from modules: see `loadExtensions`. */
  readonly extensionModules?: readonly ExtensionModule<Probe>[];
}

/** The module of a metric or probe; undefined if it was passed without one. */
export function moduleOf(definition: object, { extensionModules = [] }: Extensions): ExtensionModule | undefined {
  return extensionModules.find(({ metrics, probes }) => ([...metrics, ...probes] as object[]).includes(definition));
}

/**
 * The extensions that an evaluation uses.
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
