import { isRecord, parseBoundedJson } from '@hearken/core/internal';
import { contradictions } from './contradictions.js';
import { fieldProblems } from './field-problems.js';
import type { ResultProblem } from './result-problem.js';
import type { Result } from './result.js';
import { resultSchema, resultSchemaVersion } from './result-schema.js';
import { shown } from './shown.js';
import { fromVersion1, version1Schema } from './version-1.js';

const readVersions = `1 or ${resultSchemaVersion}`;

/** A result, or why there is none. */
export type ReadResult =
  | {
      /** In the layout of the current version, whichever the file has. */
      readonly result: Result;
      /** Version of the file's layout. */
      readonly version: number;
    }
  | {
      /** The first problem of each field; at least one. */
      readonly problems: readonly ResultProblem[];
      /** Id of its task, if that can be read. */
      readonly task?: string;
    };

/**
 * Reads the text of a result file, whoever wrote it, of this version or an earlier one. Never throws. Runs in browsers, too.
 *
 * @param name of the file: results of version 1 say by it whether their evaluation is the default one
 */
export function parseResult(text: string, name = ''): ReadResult {
  let document: unknown;
  try {
    document = parseBoundedJson(text);
  } catch (error) {
    const found = (error as Error).message.replace(/\p{Cc}+/gu, ' ').slice(0, 120);
    return wrong('not-json', '', found, 'JSON', `cannot be read as JSON (${found})`);
  }
  return readDocument(document, name);
}

function readDocument(document: unknown, name: string): ReadResult {
  if (!isRecord(document)) return wrong('not-a-result', '', shown(document), 'a JSON object', 'no JSON object');
  const { schemaVersion: version } = document;
  if (!claimsToBeResult(document)) {
    const [field, found, wanted] =
      version === undefined ? ['schemaVersion', 'nothing', readVersions] : ['harness.name', 'nothing', "'hearken'"];
    return wrong('not-a-result', field, found, wanted, `${field} is ${found}: no result of Hearken`);
  }
  const task = taskOf(document);
  if (version !== 1 && version !== resultSchemaVersion) {
    const message = `schemaVersion is ${shown(version)}, this Hearken reads ${readVersions}`;
    return { ...wrong(reasonOf(version), 'schemaVersion', shown(version), readVersions, message), ...task };
  }
  const problems = fieldProblems(version === 1 ? version1Schema : resultSchema, document);
  if (problems.length > 0) return { problems, ...task };
  const result = version === 1 ? fromVersion1(document, name) : (document as unknown as Result);
  const contradicting = contradictions(result);
  return contradicting.length > 0 ? { problems: contradicting, ...task } : { result, version };
}

/** Folders of results hold other JSON as well. What claims to be a result and is none is a problem, whatever else is wrong. */
function claimsToBeResult({ harness, schemaVersion, scores }: Readonly<Record<string, unknown>>): boolean {
  return (isRecord(harness) && harness.name === 'hearken') || (typeof schemaVersion === 'number' && isRecord(scores));
}

function reasonOf(version: unknown): ResultProblem['reason'] {
  if (!Number.isSafeInteger(version)) return 'invalid-field';
  return (version as number) > resultSchemaVersion ? 'newer-version' : 'older-version';
}

function wrong(reason: ResultProblem['reason'], field: string, found: string, wanted: string, message: string) {
  return { problems: [{ reason, field, found, wanted, message }] };
}

function taskOf({ task }: Readonly<Record<string, unknown>>): { readonly task?: string } {
  return isRecord(task) && typeof task.id === 'string' ? { task: task.id } : {};
}
