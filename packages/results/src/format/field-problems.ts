import { isRecord } from '@hearken/core/internal';
import * as v from 'valibot';
import { invalidField, type ResultProblem } from './result-problem.js';
import { shown } from './shown.js';

/** The properties of valibot's schemas that this file uses. */
interface Schema extends v.GenericSchema {
  readonly message?: unknown;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly items?: readonly Schema[];
  readonly value?: unknown;
  readonly wrapped?: Schema;
  readonly pipe?: readonly unknown[];
}

/**
 * The first problem of each field of an untrusted document: at most as many as the schema has fields, however long the
 * document's lists are.
 */
export function fieldProblems(schema: v.GenericSchema, document: unknown): ResultProblem[] {
  return problemsAt(schema, document, []);
}

function problemsAt(schema: Schema, value: unknown, path: readonly string[]): ResultProblem[] {
  if (schema.entries !== undefined && isRecord(value)) {
    return Object.entries(schema.entries).flatMap(([key, entry]) =>
      problemsAt(entry, Object.hasOwn(value, key) ? value[key] : undefined, [...path, key]),
    );
  }
  const { issues } = v.safeParse(schema, value, { abortEarly: true, abortPipeEarly: true });
  if (issues === undefined) return [];
  const [{ path: below = [], message }] = issues;
  const keys = below.map(({ key }) => key);
  const found = below.length === 0 ? value : below[below.length - 1].value;
  // For a missing field, valibot reports the message of the enclosing object.
  const isMissing = found === undefined && below.length > 0;
  const wanted = isMissing ? wantedAt(schema, keys) : message;
  return [invalidField(fieldText([...path, ...keys]), found, wanted)];
}

/** What a field should be. */
function wantedAt(schema: Schema, keys: readonly unknown[]): string {
  const field = keys.reduce<Schema | undefined>((of, key) => of && fieldOf(of, String(key)), schema);
  return field === undefined ? 'a valid value' : wantedOf(field);
}

function wantedOf({ message, wrapped }: Schema): string {
  if (typeof message === 'string') return message;
  return wrapped === undefined ? 'a valid value' : wantedOf(wrapped);
}

/** The schema for the value under a key. */
function fieldOf({ entries, item, items, type, value, wrapped, pipe = [] }: Schema, key: string): Schema | undefined {
  if (entries !== undefined) return entries[key];
  if (wrapped !== undefined) return fieldOf(wrapped, key);
  if (items !== undefined) return items[Number(key)];
  if (item !== undefined) return item;
  if (type === 'record') return value as Schema;
  const record = (pipe as readonly Partial<Schema>[]).find((one) => one.type === 'record');
  return record?.value as Schema | undefined;
}

/** `folds[2].scores.top1_acc`; keys that are not plain words are quoted and truncated. */
export function fieldText(keys: readonly unknown[]): string {
  return keys
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const text = typeof key === 'string' && /^[a-z]\w{0,63}$/i.test(key) ? key : shown(key);
      return index === 0 ? text : `.${text}`;
    })
    .join('');
}
