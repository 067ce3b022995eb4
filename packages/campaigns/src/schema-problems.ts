import { didYouMean } from '@hearken/core';
import { isRecord, shown } from '@hearken/core/internal';
import * as v from 'valibot';

/** Something wrong in a document. */
export interface SchemaProblem {
  /** Where it is. */
  readonly path: readonly (string | number)[];
  /** The same in words, such as `models[1].checkpoint`. */
  readonly field: string;
  /** What is there, and what was expected, in one line. */
  readonly message: string;
  /** How to fix it, if there is more to say than what was expected. */
  readonly fix?: string;
}

/** The properties of valibot's schemas that this file uses. */
interface Schema extends v.GenericSchema {
  readonly message?: unknown;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly options?: readonly Schema[];
  readonly wrapped?: Schema;
}

/** More would help nobody. */
const mostProblems = 10;

/** The first problem of each field of an untrusted document, at most ten. */
export function schemaProblems(schema: v.GenericSchema, document: unknown): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (const problem of problemsAt(schema, document, [])) {
    problems.push(problem);
    if (problems.length === mostProblems) break;
  }
  return problems;
}

function* problemsAt(schema: Schema, value: unknown, path: SchemaProblem['path']): Generator<SchemaProblem> {
  if (schema.wrapped !== undefined) {
    if (value !== undefined) yield* problemsAt(schema.wrapped, value, path);
    return;
  }
  if (schema.type === 'union') {
    const [plain, object] = schema.options ?? [];
    // Where a name or an object may stand, what is neither is told what both are.
    yield* problemsAt(typeof value === 'string' ? plain : object, value, path);
    return;
  }
  let isWhole = true;
  for (const problem of problemsWithin(schema, value, path)) {
    isWhole = false;
    yield problem;
  }
  if (!isWhole) return;
  const [issue] = v.safeParse(schema, value, { abortEarly: true, abortPipeEarly: true }).issues ?? [];
  if (issue === undefined) return;
  const is = value === undefined ? 'missing' : emptyOrShown(value);
  yield { path, field: fieldText(path), message: `${fieldText(path)} is ${is}, expected ${issue.message}` };
}

/** Problems of an object's fields and a list's items. */
function* problemsWithin(schema: Schema, value: unknown, path: SchemaProblem['path']): Generator<SchemaProblem> {
  const { entries, item } = schema;
  if (entries !== undefined && isRecord(value)) {
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(entries, key)) yield unknownField(key, Object.keys(entries), path);
    }
    for (const [key, entry] of Object.entries(entries)) {
      yield* problemsAt(entry, Object.hasOwn(value, key) ? value[key] : undefined, [...path, key]);
    }
  } else if (item !== undefined && Array.isArray(value)) {
    for (const [index, one] of value.entries()) yield* problemsAt(item, one, [...path, index]);
  }
}

function unknownField(key: string, known: readonly string[], path: SchemaProblem['path']): SchemaProblem {
  const field = fieldText([...path, key]);
  const fix = `${didYouMean(key, known)}known fields: ${known.join(', ')}`;
  return { path: [...path, key], field, message: `${field} is not a field of a campaign file`, fix };
}

function emptyOrShown(value: unknown): string {
  return Array.isArray(value) && value.length === 0 ? 'an empty list' : shown(value).replace(/\p{Cc}+/gu, ' ');
}

/** `models[1].checkpoint`; keys that are not plain words are quoted and truncated. */
function fieldText(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'the document';
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const text = /^[a-z]\w{0,63}$/i.test(key) ? key : shown(key);
      return index === 0 ? text : `.${text}`;
    })
    .join('');
}
