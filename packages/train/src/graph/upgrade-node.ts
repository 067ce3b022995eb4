import { create } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType as AttributeType, type NodeProto, NodeProtoSchema } from '@hearken/onnx/internal';
import { writeAttribute } from './attributes.js';

/** Reductions whose axes were an attribute before version 18; that of `ReduceSum` were an input already. */
const reductions = new Set([
  'ReduceMean',
  'ReduceMax',
  'ReduceMin',
  'ReduceL1',
  'ReduceL2',
  'ReduceProd',
  'ReduceSumSquare',
]);

/** A node of an older version of ONNX's operators as version 21 writes it, where that differs. */
export function upgradeNode(node: NodeProto, version: number): NodeProto[] {
  if (node.domain !== '' && node.domain !== 'ai.onnx') return [node];
  if (version < 18 && reductions.has(node.opType)) return axesAsInput(node);
  if (version < 18 && node.opType === 'Split' && node.input.length < 2) {
    const count = writeAttribute('num_outputs', BigInt(node.output.length));
    return [create(NodeProtoSchema, { ...node, attribute: [...node.attribute, count] })];
  }
  return [node];
}

function axesAsInput(node: NodeProto): NodeProto[] {
  const axes = node.attribute.find(({ name }) => name === 'axes');
  if (axes?.type !== AttributeType.INTS) return [node];
  const name = `${node.output[0]}/axes`;
  const attribute = [writeAttribute('value_ints', axes.ints)];
  return [
    create(NodeProtoSchema, { name, opType: 'Constant', output: [name], attribute }),
    create(NodeProtoSchema, {
      ...node,
      input: [node.input[0], name],
      attribute: node.attribute.filter((one) => one !== axes),
    }),
  ];
}
