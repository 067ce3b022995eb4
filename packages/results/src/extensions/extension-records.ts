import type { ExtensionRecord } from '../format/result.js';

/** The fields of an extension that scores depend on. */
export type ExtensionIdentity = Pick<ExtensionRecord, 'kind' | 'name' | 'version' | 'sha256'>;

/** The record of a custom metric among a result's extensions; undefined for built-in metrics. */
export function metricRecordOf(
  records: readonly ExtensionRecord[] | undefined,
  metric: string,
): ExtensionRecord | undefined {
  return records?.find(({ kind, name }) => kind === 'metric' && name === metric);
}

/** Describes an extension in errors and pages. */
export function extensionText({ kind, name, version, module, sha256 }: ExtensionRecord): string {
  const source = module === null ? 'passed in code' : `of '${module}'`;
  const hash = sha256 === null ? '' : `, SHA-256 ${sha256.slice(0, 12)}...`;
  return `${kind} '${name}' ${version} ${source}${hash}`;
}

/** The fields of each extension that identify a run. */
export function extensionIdentities(records: readonly ExtensionIdentity[]): ExtensionIdentity[] {
  return records
    .map(({ kind, name, version, sha256 }) => ({ kind, name, version, sha256 }))
    .sort((left, right) => (`${left.kind} ${left.name}` < `${right.kind} ${right.name}` ? -1 : 1));
}
