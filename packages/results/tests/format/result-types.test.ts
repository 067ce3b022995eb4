import type * as v from 'valibot';
import { expect, it } from 'vitest';
import type { Result } from '../../src/format/result.js';
import type { resultSchema } from '../../src/format/result-schema.js';

type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;
type Inferred = Frozen<v.InferOutput<typeof resultSchema>>;

it('has the type that valibot infers from the schema', () => {
  const inferred = (result: Result): Inferred => result;
  const own = (result: Inferred): Result => result;
  const score = (result: Result): number | null => result.scores.top1_acc.mean;
  // @ts-expect-error: there is no such field
  const other = (result: Result): unknown => result.other;
  // @ts-expect-error: a score may be undefined
  const number = (result: Result): number => result.folds[0].scores.top1_acc;
  expect([inferred, own, score, other, number]).toHaveLength(5);
});
