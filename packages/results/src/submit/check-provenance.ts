import { isRecord } from '@hearken/core/internal';
import type { Result } from '../format/result.js';
import { invalidField } from '../format/result-problem.js';
import type { Problem } from './problem.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value.trim() !== '';
const whole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const positive: Check = (value) => whole(value) && (value as number) > 0;
const sha256: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const date: Check = (value) => typeof value === 'string' && /^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value));
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isCheckpoint: Check = (value) =>
  isRecord(value) && typeof value.file === 'string' && typeof value.published === 'boolean';

/** A field, its check, and what messages say is expected. */
type Field = readonly [path: string, check: Check, wanted: string];

const fields: readonly Field[] = [
  ['harness.version', text, 'a version'],
  ['task.version', text, 'a version'],
  ['task.contentHash', sha256, 'a SHA-256 in hexadecimal'],
  ['task.sampleRate', positive, 'a rate in Hz'],
  ['model.pluginVersion', text, 'a version'],
  ['model.checkpointSha256', (value) => value === null || sha256(value), 'a SHA-256 in hexadecimal, or null'],
  ['model.checkpoint', optional(isCheckpoint), 'a file name, and whether it is published'],
  ['model.parameters', optional(whole), 'a whole number'],
  ['model.options', isRecord, 'an object'],
  ['model.backend', text, 'a non-empty string'],
  ['machine.node', text, 'a version'],
  ['machine.platform', text, 'a non-empty string'],
  ['machine.processor', text, 'a non-empty string'],
  ['startedAt', date, 'an ISO 8601 date'],
  ['finishedAt', date, 'an ISO 8601 date'],
  ['evaluation.clipsSha256', optional(sha256), 'a SHA-256 in hexadecimal'],
];

/**
 * Checks that a result states where it comes from. Reading a result needs none of this, and files of version 1 may omit it, but
 * a score that others are to trust must have it.
 */
export function provenanceProblems(result: Result): Problem[] {
  return fields.flatMap(([path, check, wanted]): Problem[] => {
    const found = at(result as unknown as Record<string, unknown>, path);
    if (check(found)) return [];
    return [{ kind: 'provenance', field: path, message: invalidField(path, found, wanted).message }];
  });
}

function at(value: Record<string, unknown>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((part, key) => (isRecord(part) && Object.hasOwn(part, key) ? part[key] : undefined), value);
}
