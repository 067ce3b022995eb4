import { isRecord } from '@hearken/core/internal';

/** The value of answering one diagnosis (column) when another (row) is correct. */
export interface Cinc2020Weights {
  /** Diagnoses, each with its codes. */
  readonly diagnoses: readonly (readonly string[])[];
  /** `[diagnoses, diagnoses]` */
  readonly weights: readonly (readonly number[])[];
}

/** Whether a value is a square matrix of finite weights with the same number of names. */
export function isCinc2020Weights(value: unknown): value is Cinc2020Weights {
  if (!isRecord(value)) return false;
  const { diagnoses, weights } = value;
  if (!Array.isArray(diagnoses) || !Array.isArray(weights) || weights.length !== diagnoses.length) return false;
  const isText = (item: unknown) => typeof item === 'string';
  return (
    diagnoses.every((codes: unknown) => Array.isArray(codes) && codes.every(isText)) &&
    weights.every(
      (row: unknown) =>
        Array.isArray(row) && row.length === diagnoses.length && row.every((cell) => Number.isFinite(cell)),
    )
  );
}
