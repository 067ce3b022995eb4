import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { OptionError } from '@hearken/core';
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  type OperatorSetIdProto,
  OperatorSetIdProtoSchema,
} from './generated/onnx_pb.js';
import { writtenOut } from './written-out.js';

/** Operator domains of the ONNX standard. */
const standardDomains: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'ai.onnx.preview.training']);
const runtimeDomain = 'com.microsoft';

/** Whether a domain's operators belong to the ONNX standard. */
export function isStandardDomain(domain: string): boolean {
  return standardDomains.has(domain);
}

/**
 * The same model using only operators of the ONNX standard: ONNX Runtime's operators are replaced by equivalents.
 * Values differ by rounding.
 *
 * @param name the model's name in errors
 * @returns the model itself if it has no others
 * @throws OptionError listing the operators that have no standard equivalent
 */
export function withStandardOperators(serialised: Uint8Array, name: string): Uint8Array {
  const model = fromBinary(ModelProtoSchema, serialised);
  const { graph, functions } = model;
  if (graph === undefined) return serialised;
  const defined = new Set(functions.map((one) => `${one.domain} ${one.name}`));
  const left = new Set<string>();
  let changed = false;
  const rewrite = (nodes: readonly NodeProto[]): NodeProto[] =>
    nodes.flatMap((node) => {
      for (const { g, graphs } of node.attribute)
        for (const inner of g === undefined ? graphs : [g, ...graphs]) inside(inner);
      const operator = `${node.domain} ${node.opType}`;
      if (isStandardDomain(node.domain) || defined.has(operator)) return [node];
      const parts = node.domain === runtimeDomain ? writtenOut.get(node.opType)?.(node) : undefined;
      if (parts === undefined) left.add(operator);
      else changed = true;
      return parts ?? [node];
    });
  const inside = (inner: GraphProto) => (inner.node = rewrite(inner.node));
  inside(graph);
  for (const one of functions) one.node = rewrite(one.node);
  if (left.size > 0) {
    throw new OptionError({
      asked: `${name} with only operators of the ONNX standard`,
      found: `${[...left].sort().join(', ')}, which Hearken cannot express with those`,
      fix: 'export it with its own operators, or build the model without them',
    });
  }
  const functionDomains = new Set(functions.map(({ domain }) => domain));
  const isForeign = ({ domain }: OperatorSetIdProto) => !isStandardDomain(domain) && !functionDomains.has(domain);
  if (!changed && !model.opsetImport.some(isForeign)) return serialised;
  // The equivalents use operators that ONNX's standard set has had since version 13.
  const own = model.opsetImport.find(isOwnSet) ?? create(OperatorSetIdProtoSchema, { version: 21n });
  const imports = (all: readonly OperatorSetIdProto[]) => [
    ...(all.some(isOwnSet) ? [] : [own]),
    ...all.filter((one) => !isForeign(one)),
  ];
  model.opsetImport = imports(model.opsetImport);
  for (const one of functions) one.opsetImport = imports(one.opsetImport);
  return toBinary(ModelProtoSchema, model);
}

function isOwnSet({ domain }: OperatorSetIdProto): boolean {
  return domain === '' || domain === 'ai.onnx';
}
