import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  TensorProtoSchema,
} from '@hearken/onnx/internal';
import type { AttributeValue, AttributeValues, OperatorNode } from './contracts.js';

/** The attributes of a node of a file. Subgraphs are left out: no operator with a gradient has any. */
export function readAttributes(attributes: readonly AttributeProto[]): AttributeValues {
  const found: Record<string, AttributeValue> = {};
  for (const attribute of attributes) {
    const value = readAttribute(attribute);
    if (value !== undefined) found[attribute.name] = value;
  }
  return found;
}

function readAttribute({ type, f, i, s, t, floats, ints }: AttributeProto): AttributeValue | undefined {
  switch (type) {
    case AttributeType.FLOAT:
      return f;
    case AttributeType.INT:
      return i;
    case AttributeType.STRING:
      return new TextDecoder().decode(s);
    case AttributeType.TENSOR:
      return t;
    case AttributeType.FLOATS:
      return floats;
    case AttributeType.INTS:
      return ints;
    default:
      return undefined;
  }
}

/** An attribute as in a file. */
export function writeAttribute(name: string, value: AttributeValue): AttributeProto {
  return create(AttributeProtoSchema, { name, ...typed(value) });
}

function typed(value: AttributeValue) {
  if (typeof value === 'bigint') return { type: AttributeType.INT, i: value };
  if (typeof value === 'number') return { type: AttributeType.FLOAT, f: value };
  if (typeof value === 'string') return { type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if (!isList(value)) return { type: AttributeType.TENSOR, t: create(TensorProtoSchema, value) };
  return value.every((item) => typeof item === 'bigint')
    ? { type: AttributeType.INTS, ints: [...value] }
    : { type: AttributeType.FLOATS, floats: value.map(Number) };
}

function isList(value: AttributeValue): value is readonly bigint[] | readonly number[] {
  return Array.isArray(value);
}

/** An INT of a node, or its default. */
export function integerOf({ attributes }: Pick<OperatorNode, 'attributes'>, name: string, missing: number): number {
  const value = attributes[name];
  return typeof value === 'bigint' ? Number(value) : missing;
}

/** A FLOAT of a node, or its default. */
export function floatOf({ attributes }: Pick<OperatorNode, 'attributes'>, name: string, missing: number): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : missing;
}

/** A STRING of a node, or its default. */
export function textOf({ attributes }: Pick<OperatorNode, 'attributes'>, name: string, missing: string): string {
  const value = attributes[name];
  return typeof value === 'string' ? value : missing;
}

/** INTS of a node; `undefined` if it has none. */
export function integersOf({ attributes }: Pick<OperatorNode, 'attributes'>, name: string): number[] | undefined {
  const value = attributes[name];
  return value !== undefined && isList(value) ? Array.from(value, Number) : undefined;
}
