import { create, toBinary } from '@bufbuild/protobuf';
import { didYouMean, OptionError } from '@hearken/core';
import { GraphBuilder } from '@hearken/onnx';
import { type GraphProto, ModelProtoSchema } from '@hearken/onnx/internal';
import { parseModel } from './read-graph.js';

/**
 * Adds nodes to a serialised model: a head, a loss. The model's outputs stay.
 *
 * @param build adds the nodes; values of the model are values with their names: `{ name: 'logits' }`. Its inputs and
 *   outputs become inputs and outputs of the model
 * @returns the extended model
 * @throws CheckpointError for bytes that are not an ONNX model; OptionError for a value that neither has, and for an
 *   input or output whose name the model has already
 */
export function extendModel(model: Uint8Array, build: (graph: GraphBuilder) => void): Uint8Array<ArrayBuffer> {
  const asked = 'a model to extend';
  const first = parseModel(model, asked);
  const { graph } = first;
  const builder = new GraphBuilder(graph.name);
  build(builder);
  const second = parseModel(builder.build(), asked);
  checkNames(graph, second.graph);
  const { node, initializer, input, output } = second.graph;
  const isTaken = namesOf(graph);
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

/** Names of nodes and values. */
function namesOf(graph: GraphProto): Set<string> {
  return new Set([...valuesOf(graph), ...graph.node.map(({ name }) => name)]);
}

function valuesOf({ node, initializer, input }: GraphProto): string[] {
  return [...node.flatMap(({ output }) => output), ...[...initializer, ...input].map(({ name }) => name)];
}

function checkNames(model: GraphProto, added: GraphProto): void {
  const known = new Set(valuesOf(model));
  for (const { name } of [...added.input, ...added.output]) {
    if (!known.has(name)) continue;
    throw new OptionError({
      asked: `a new input or output '${name}'`,
      found: 'a value of the model with that name',
      fix: `choose another name, or use the model's value: { name: '${name}' }`,
    });
  }
  const own = new Set(valuesOf(added));
  for (const name of added.node.flatMap(({ input }) => input)) {
    if (name === '' || known.has(name) || own.has(name)) continue;
    const outputs = model.output.map((output) => output.name);
    throw new OptionError({
      asked: `value '${name}'`,
      found: 'no such value in the model',
      fix: `${didYouMean(name, [...known])}outputs: ${outputs.join(', ')}`,
    });
  }
}
