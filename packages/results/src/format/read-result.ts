import { isRecord, parseBoundedJson } from '@hearken/core/internal';
import { contradictions } from './contradictions.js';
import { fieldProblems } from './field-problems.js';
import type { ResultProblem } from './result-problem.js';
import type { Result } from './result.js';
import { resultSchema, resultSchemaVersion } from './result-schema.js';
import { shown } from './shown.js';
import { fromVersion1, version1Schema } from './version-1.js';

const readVersions = `1 or ${resultSchemaVersion}`;

/** A result, or why the file is not one. */
export type ReadResult =
  | {
      /** Always in the current layout, whatever the version of the file. */
      readonly result: Result;
      /** Layout version of the file. */
      readonly version: number;
    }
  | {
      /** The first problem of each field; at least one. */
      readonly problems: readonly ResultProblem[];
      /** Id of the result's task, if readable. */
      readonly task?: string;
    };

/**
 * Parses the untrusted text of a result file of this version or an earlier one. Never throws. Also runs in browsers.
 *
 * @param name file name: for version 1, it alone tells whether the evaluation is the default one
 */
export function parseResult(text: string, name = ''): ReadResult {
  let document: unknown;
  try {
    document = parseBoundedJson(text);
  } catch (error) {
    const found = (error as Error).message.replace(/\p{Cc}+/gu, ' ').slice(0, 120);
    return wrong('not-json', '', found, 'JSON', `not valid JSON (${found})`);
  }
  return readDocument(document, name);
}

function readDocument(document: unknown, name: string): ReadResult {
  if (!isRecord(document)) return wrong('not-a-result', '', shown(document), 'a JSON object', 'not a JSON object');
  const { schemaVersion: version } = document;
  if (!claimsToBeResult(document)) {
    return version === undefined
      ? notAResult('schemaVersion', undefined, readVersions)
      : notAResult('harness.name', isRecord(document.harness) ? document.harness.name : undefined, "'hearken'");
  }
  const task = taskOf(document);
  if (version !== 1 && version !== resultSchemaVersion) {
    const is = version === undefined ? 'missing' : shown(version);
    const message = `schemaVersion is ${is}; this version of Hearken reads ${readVersions}`;
    return { ...wrong(reasonOf(version), 'schemaVersion', shown(version), readVersions, message), ...task };
  }
  const problems = fieldProblems(version === 1 ? version1Schema : resultSchema, document);
  if (problems.length > 0) return { problems, ...task };
  const result = version === 1 ? fromVersion1(document, name) : (document as unknown as Result);
  const contradicting = contradictions(result);
  return contradicting.length > 0 ? { problems: contradicting, ...task } : { result, version };
}

/** Result folders also hold other JSON files. A file that claims to be a result but isn't valid is reported as damaged, not skipped. */
function claimsToBeResult({ harness, schemaVersion, scores }: Readonly<Record<string, unknown>>): boolean {
  return (isRecord(harness) && harness.name === 'hearken') || (typeof schemaVersion === 'number' && isRecord(scores));
}

function reasonOf(version: unknown): ResultProblem['reason'] {
  if (!Number.isSafeInteger(version)) return 'invalid-field';
  return (version as number) > resultSchemaVersion ? 'newer-version' : 'older-version';
}

function notAResult(field: string, value: unknown, wanted: string) {
  const is = value === undefined ? 'missing' : shown(value);
  return wrong('not-a-result', field, shown(value), wanted, `not a Hearken result: ${field} is ${is}`);
}

function wrong(reason: ResultProblem['reason'], field: string, found: string, wanted: string, message: string) {
  return { problems: [{ reason, field, found, wanted, message }] };
}

function taskOf({ task }: Readonly<Record<string, unknown>>): { readonly task?: string } {
  return isRecord(task) && typeof task.id === 'string' ? { task: task.id } : {};
}
