/* eslint-disable @typescript-eslint/no-empty-object-type -- interfaces rather than aliases: so errors and the API pages call them by name */
import type * as v from 'valibot';
import type { extensionRecord } from './extension-schema.js';
import type { leftOutClip, machine, resultSchema } from './result-schema.js';
import type { predictionsFile, resultFold, resultScore, resultSeed } from './score-schema.js';

/** All of it readonly. */
type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;

/**
 * The type of a schema's documents. valibot's `InferOutput` gives the same types, but composes each object of several
 * types with the same fields, and then the documentation cannot tell whose comments to use.
 */
type Holds<Schema> =
  Schema extends v.OptionalSchema<infer Inner, unknown>
    ? Holds<Inner>
    : Schema extends v.NullableSchema<infer Inner, unknown>
      ? Holds<Inner> | null
      : Schema extends {
            readonly pipe: readonly [...unknown[], { readonly type: 'record'; readonly value: infer Value }];
          }
        ? Readonly<Record<string, Holds<Value>>>
        : Schema extends { readonly pipe: readonly [infer First extends v.GenericSchema, ...unknown[]] }
          ? Holds<First>
          : Schema extends v.ObjectSchema<infer Entries, v.ErrorMessage<v.ObjectIssue> | undefined>
            ? HoldsFields<Entries>
            : Schema extends v.ArraySchema<infer Item, v.ErrorMessage<v.ArrayIssue> | undefined>
              ? readonly Holds<Item>[]
              : Schema extends v.GenericSchema
                ? Frozen<v.InferOutput<Schema>>
                : never;

type HoldsFields<Entries> = {
  readonly [
    Key in keyof Entries as Entries[Key] extends v.OptionalSchema<v.GenericSchema, unknown> ? never : Key
  ]: Holds<Entries[Key]>;
} & {
  readonly [
    Key in keyof Entries as Entries[Key] extends v.OptionalSchema<v.GenericSchema, unknown> ? Key : never
  ]?: Holds<Entries[Key]>;
};

/** The result of one model on one task: the content of its JSON file. */
export interface Result extends Omit<Holds<typeof resultSchema>, 'folds' | 'seeds'> {
  /** The folds of the first seed. */
  readonly folds: readonly ResultFold[];
  /** All seeds, including the first one; absent for a single seed. */
  readonly seeds?: readonly ResultSeed[];
}

/** The scores of one of several probe seeds. */
export interface ResultSeed extends Omit<Holds<typeof resultSeed>, 'folds'> {
  /** One per test split. */
  readonly folds: readonly ResultFold[];
}

/** A metric's score in a result. */
export interface ResultScore extends Holds<typeof resultScore> {}

/** A fold in a result. Its predictions, if stored, are in the predictions file. */
export interface ResultFold extends Holds<typeof resultFold> {}

/** Where the test predictions of a result are: a `.npy` next to it, `[rows, labels]`, fold after fold. */
export interface PredictionsFile extends Holds<typeof predictionsFile> {}

/** A clip that a run left out. */
export interface LeftOutClip extends Holds<typeof leftOutClip> {}

/** The machine that a result was computed on. */
export interface Machine extends Holds<typeof machine> {}

/**
 * A custom metric or probe in a result: enough to tell its scores from another version's, and to read them without it.
 */
export interface ExtensionRecord extends Holds<typeof extensionRecord> {}
