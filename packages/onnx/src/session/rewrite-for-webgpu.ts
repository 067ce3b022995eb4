import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type NodeProto } from '../graph/generated/onnx_pb.js';
import { NodeWriter } from '../graph/node-writer.js';
import { attention } from '../graph/written-out.js';

/**
 * The same model with operators that onnxruntime-web's WebGPU backend computes correctly. In version 1.30 the errors of
 * two operators are as large as the values (on a software adapter, compared with WebAssembly, which agrees with
 * PyTorch):
 *
 * - `Conv` with one input channel and several outputs per group: the input channels are repeated, once per output, so
 *   that every group has one of each;
 * - `MultiHeadAttention`: replaced by two products and a softmax.
 *
 * @returns the model itself if it has neither
 */
export function rewriteForWebGpu(serialised: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, serialised);
  const { graph } = model;
  if (graph === undefined) return serialised;
  const shapes = new Map(graph.initializer.map(({ name, dims }) => [name, dims.map(Number)]));
  const rewritten = graph.node.map((node) => {
    if (node.opType === 'Conv') return spreadGroups(node, shapes.get(node.input[1]));
    return node.opType === 'MultiHeadAttention' ? (attention(node) ?? [node]) : [node];
  });
  if (rewritten.every((nodes) => nodes.length === 1)) return serialised;
  graph.node = rewritten.flat();
  return toBinary(ModelProtoSchema, model);
}

function spreadGroups(node: NodeProto, weight: readonly number[] | undefined): NodeProto[] {
  const group = node.attribute.find(({ name }) => name === 'group');
  const outputs = weight?.[0] ?? 0;
  const groups = Number(group?.i ?? 1n);
  if (group === undefined || weight?.[1] !== 1 || groups === 1 || outputs <= groups) return [node];
  const writer = new NodeWriter(node);
  const channels = writer.integers(
    'channels',
    Array.from({ length: outputs }, (_, output) => Math.floor((output * groups) / outputs)),
  );
  node.input[0] = writer.add('Gather', [node.input[0], channels], 'repeated', { axis: 1n });
  group.i = BigInt(outputs);
  return [...writer.nodes, node];
}
