import { isRecord } from '../tasks/json.js';
import type { ExtensionRecord } from './extensions.js';

const mostRecords = 100;

/** The extensions that a result names, whoever wrote it; undefined where what it says is none. */
export function extensionRecords(value: unknown): readonly ExtensionRecord[] | undefined {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > mostRecords || !value.every(isExtensionRecord)) return undefined;
  return value;
}

/** The extension of that metric in a result's `extensions`; undefined for Hearken's own metrics. */
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
