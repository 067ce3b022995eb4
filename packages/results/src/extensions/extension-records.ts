import type { ExtensionRecord } from '../format/result.js';

/** What of an extension decides scores. */
export type ExtensionIdentity = Pick<ExtensionRecord, 'kind' | 'name' | 'version' | 'sha256'>;

/** The extension of that metric among those that a result names; undefined for Hearken's own metrics. */
export function metricRecordOf(
  records: readonly ExtensionRecord[] | undefined,
  metric: string,
): ExtensionRecord | undefined {
  return records?.find(({ kind, name }) => kind === 'metric' && name === metric);
}

/** What an error or a page calls it. */
export function extensionText({ kind, name, version, module, sha256 }: ExtensionRecord): string {
  const source = module === null ? 'passed in code' : `of '${module}'`;
  const hash = sha256 === null ? '' : `, SHA-256 ${sha256.slice(0, 12)}...`;
  return `${kind} '${name}' ${version} ${source}${hash}`;
}

/** What decides scores, of each: what a run is known by. */
export function extensionIdentities(records: readonly ExtensionIdentity[]): ExtensionIdentity[] {
  return records
    .map(({ kind, name, version, sha256 }) => ({ kind, name, version, sha256 }))
    .sort((left, right) => (`${left.kind} ${left.name}` < `${right.kind} ${right.name}` ? -1 : 1));
}
