import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type TensorProto, type ValueInfoProto, ValueInfoProtoSchema } from '@hearken/onnx/internal';

/**
 * The same model with some of its weights as inputs, so that a session can run it with weights that are being trained.
 */
export function weightsAsInputs(model: Uint8Array, names: ReadonlySet<string>): Uint8Array<ArrayBuffer> {
  const proto = fromBinary(ModelProtoSchema, model);
  const { graph } = proto;
  if (graph === undefined) return toBinary(ModelProtoSchema, proto);
  const known = new Set(graph.input.map(({ name }) => name));
  const moved = graph.initializer.filter(({ name }) => names.has(name));
  graph.initializer = graph.initializer.filter(({ name }) => !names.has(name));
  graph.input.push(...moved.filter(({ name }) => !known.has(name)).map(inputOf));
  return toBinary(ModelProtoSchema, proto);
}

function inputOf({ name, dims, dataType }: TensorProto): ValueInfoProto {
  const dim = dims.map((size) => ({ value: { case: 'dimValue' as const, value: size } }));
  const value = { case: 'tensorType' as const, value: { elemType: dataType, shape: { dim } } };
  return create(ValueInfoProtoSchema, { name, type: { value } });
}
