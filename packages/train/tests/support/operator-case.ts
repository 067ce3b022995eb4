import type { GraphBuilder, Value } from '@hearken/onnx';

/** A case of `operators/cases.json`. */
export interface OperatorCase {
  readonly op: string;
  readonly case: string;
  readonly file: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly gradients: readonly string[];
  readonly output: readonly number[];
  readonly alsoExpected?: readonly string[];
  readonly kinks?: boolean;
}

/** Adds the operator of a case, with ONNX's operators, and returns its output. */
export type OperatorGraph = (graph: GraphBuilder, inputs: Readonly<Record<string, Value>>, one: OperatorCase) => Value;

/** An attribute that is a number. */
export function numberOf({ attributes, op }: OperatorCase, name: string): number {
  const value = attributes[name];
  if (typeof value !== 'number') throw new Error(`${op} without ${name}`);
  return value;
}

/** An attribute that is a list of numbers. */
export function numbersOf({ attributes, op }: OperatorCase, name: string): readonly number[] {
  const value = attributes[name];
  if (!Array.isArray(value)) throw new Error(`${op} without ${name}`);
  return value as number[];
}

/** A list of whole numbers as an attribute of a node. */
export function wholeNumbers(one: OperatorCase, name: string): bigint[] {
  return numbersOf(one, name).map(BigInt);
}
