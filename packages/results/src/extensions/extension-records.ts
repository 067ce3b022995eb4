import { isRecord } from '@hearken/core/internal';

/** A metric or probe as results keep it: enough to tell its scores from another version's, and to read them without it. */
export interface ExtensionRecord {
  /** Which of the two it is. */
  readonly kind: 'metric' | 'probe';
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
  /** SHA-256 of the module, which it was loaded from; null without one. */
  readonly sha256: string | null;
}

/** What of an extension decides scores. */
export type ExtensionIdentity = Pick<ExtensionRecord, 'kind' | 'name' | 'version' | 'sha256'>;

const mostRecords = 100;

/** The extensions that a result names, whoever wrote it; undefined where what it says is none. */
export function extensionRecords(value: unknown): readonly ExtensionRecord[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > mostRecords || !value.every(isExtensionRecord)) return undefined;
  return value;
}

/** The extension of that metric in a result's `extensions`; undefined for built-in metrics. */
export function metricRecordOf(value: unknown, metric: string): ExtensionRecord | undefined {
  return extensionRecords(value)?.find(({ kind, name }) => kind === 'metric' && name === metric);
}

/** What an error or a page calls it. */
export function extensionText({ kind, name, version, module, sha256 }: ExtensionRecord): string {
  const source = module === null ? 'passed in code' : `of '${module}'`;
  const hash = sha256 === null ? '' : `, SHA-256 ${sha256.slice(0, 12)}...`;
  return `${kind} '${name}' ${version} ${source}${hash}`;
}

function isExtensionRecord(value: unknown): value is ExtensionRecord {
  if (!isRecord(value)) return false;
  const { kind, name, version, summary, maximize, module, sha256 } = value;
  // It is shown in terminals and pages: no control characters, nor any that turn the writing direction.
  const isText = (text: unknown) => typeof text === 'string' && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,400}$/u.test(text);
  return (
    (kind === 'probe' || (kind === 'metric' && typeof maximize === 'boolean')) &&
    [name, version, summary].every(isText) &&
    (module === null || isText(module)) &&
    (sha256 === null || (typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)))
  );
}

/** What decides scores, of each: what a run is known by. */
export function extensionIdentities(records: readonly ExtensionIdentity[]): ExtensionIdentity[] {
  return records
    .map(({ kind, name, version, sha256 }) => ({ kind, name, version, sha256 }))
    .sort((left, right) => (`${left.kind} ${left.name}` < `${right.kind} ${right.name}` ? -1 : 1));
}
