import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { GraphBuilder } from '@hearken/onnx';
import { type GraphProto, ModelProtoSchema } from '@hearken/onnx/internal';

/**
 * Adds nodes to a serialised model: a head, a loss. The model's outputs stay.
 *
 * @param build adds the nodes; values of the model are values with their names: `{ name: 'logits' }`. Its inputs and
 *   outputs become inputs and outputs of the model
 * @returns the extended model
 */
export function extendModel(model: Uint8Array, build: (graph: GraphBuilder) => void): Uint8Array<ArrayBuffer> {
  const first = fromBinary(ModelProtoSchema, model);
  const builder = new GraphBuilder(first.graph?.name ?? 'model');
  build(builder);
  const second = fromBinary(ModelProtoSchema, builder.build());
  if (first.graph === undefined || second.graph === undefined) throw new Error('a model without a graph');
  const { graph } = first;
  const { node, initializer, input, output } = second.graph;
  const isTaken = namesOf(first.graph);
  const kept = new Set([...input, ...output].map(({ name }) => name));
  // Both builders count their names from 0.
  const made = new Set([...node.flatMap((one) => [...one.output, one.name]), ...initializer.map(({ name }) => name)]);
  const renamed = new Map<string, string>();
  for (const name of made) {
    if (kept.has(name) || !isTaken.has(name)) continue;
    let free = `${name}/added`;
    while (isTaken.has(free) || made.has(free)) free += '+';
    renamed.set(name, free);
  }
  const rename = (name: string) => renamed.get(name) ?? name;
  graph.node.push(
    ...node.map((one) => ({
      ...one,
      name: rename(one.name),
      input: one.input.map(rename),
      output: one.output.map(rename),
    })),
  );
  graph.initializer.push(...initializer.map((tensor) => ({ ...tensor, name: rename(tensor.name) })));
  graph.input.push(...input);
  graph.output.push(...output);
  const domains = new Set(first.opsetImport.map(({ domain }) => domain));
  first.opsetImport.push(...second.opsetImport.filter(({ domain }) => !domains.has(domain)));
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, first));
}

function namesOf({ node, initializer, input }: GraphProto): Set<string> {
  return new Set([
    ...node.flatMap((one) => [...one.output, one.name]),
    ...[...initializer, ...input].map(({ name }) => name),
  ]);
}
