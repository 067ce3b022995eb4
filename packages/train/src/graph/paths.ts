import { didYouMean, OptionError } from '@hearken/core';
import type { GraphProto, NodeProto } from '@hearken/onnx/internal';
import type { DifferentiateOptions } from '../differentiate-options.js';
import type { GraphValue } from './contracts.js';
import { dataTypeOf, sizeOf } from './tensor-elements.js';

/** Operators whose outputs are no floating-point numbers: no gradient passes. */
const withoutFloats = new Set(
  'And ArgMax ArgMin Equal Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual NonZero Not OneHot Or Shape Size Xor'.split(
    ' ',
  ),
);

/** Whether nothing that a node computes depends smoothly on its inputs. */
function stopsGradients({ opType, attribute }: NodeProto): boolean {
  if (withoutFloats.has(opType)) return true;
  if (opType !== 'Cast') return false;
  const to = Number(attribute.find(({ name }) => name === 'to')?.i ?? 1n);
  return dataTypeOf(to)?.includes('float') !== true;
}

/** The parts of a model that matter for a training step. */
export interface Paths {
  /** Nodes that some output needs, in the model's order. */
  readonly needed: readonly NodeProto[];
  /** Nodes between a trained parameter and the loss. */
  readonly differentiated: ReadonlySet<NodeProto>;
  /** Names of values that depend on a trained parameter. */
  readonly dependent: ReadonlySet<string>;
  /** Trained parameters that the loss depends on. */
  readonly parameters: ReadonlySet<string>;
}

/**
 * Finds what leads from trained parameters to the loss.
 *
 * @throws OptionError for outputs and parameters that the model doesn't have
 */
export function findPaths(graph: GraphProto, options: DifferentiateOptions): Paths {
  const outputs = [...(options.outputs ?? []), options.loss];
  const producers = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  for (const name of outputs) {
    if (!producers.has(name))
      throw unknownName(
        'output',
        name,
        graph.output.map((output) => output.name),
      );
  }
  // Inputs have gradients too.
  const trainable = new Set([...graph.initializer, ...graph.input].map(({ name }) => name));
  for (const name of options.parameters) {
    if (!trainable.has(name)) throw unknownName('parameter', name, [...trainable]);
  }
  if (options.parameters.length === 0) {
    throw new OptionError({ asked: 'gradients', found: 'no parameters', fix: 'name at least one initializer' });
  }
  const detached = new Set(options.detached ?? []);
  const toOutputs = ancestors(outputs, producers, () => false);
  const toLoss = ancestors(
    [options.loss],
    producers,
    (name, node) => detached.has(name) || (node !== undefined && stopsGradients(node)),
  );
  const needed = graph.node.filter((node) => toOutputs.nodes.has(node));
  const dependent = new Set(options.parameters);
  for (const node of needed) {
    if (stopsGradients(node) || !node.input.some((name) => dependent.has(name))) continue;
    for (const name of node.output) if (!detached.has(name)) dependent.add(name);
  }
  return {
    needed,
    differentiated: new Set(
      needed.filter((node) => toLoss.nodes.has(node) && node.input.some((name) => dependent.has(name))),
    ),
    dependent,
    parameters: new Set(options.parameters.filter((name) => toLoss.values.has(name))),
  };
}

/** All nodes and values that some values are computed from, up to those at which something stops. */
export function ancestors(
  names: readonly string[],
  producers: ReadonlyMap<string, NodeProto>,
  stops: (name: string, node: NodeProto | undefined) => boolean,
) {
  const values = new Set<string>();
  const nodes = new Set<NodeProto>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = producers.get(name);
    if (values.has(name) || stops(name, node)) continue;
    values.add(name);
    if (node === undefined || nodes.has(node)) continue;
    nodes.add(node);
    // Values that a subgraph takes from outside are inputs too.
    open.push(...node.input, ...capturedNames(node));
  }
  return { values, nodes };
}

function capturedNames({ attribute }: NodeProto): string[] {
  const inside = attribute.flatMap(({ g, graphs }) => (g === undefined ? graphs : [g, ...graphs]));
  return inside.flatMap(({ node }) => node.flatMap((one) => [...one.input, ...capturedNames(one)]));
}

/** @throws OptionError for a loss with more than one element */
export function checkScalar(value: GraphValue | undefined, name: string): GraphValue {
  if (value !== undefined && sizeOf(value.shape) === 1) return value;
  throw new OptionError({
    asked: `gradients of '${name}'`,
    found: value === undefined ? 'no such value' : `a tensor of shape [${value.shape.join(',')}]`,
    fix: 'choose an output with one element: the mean or the sum of these',
  });
}

function unknownName(kind: string, name: string, known: readonly string[]): OptionError {
  return new OptionError({
    asked: `${kind} '${name}' of the model`,
    found: `no such ${kind} among its ${known.length}`,
    fix: `${didYouMean(name, known)}${known.length === 0 ? 'check the model' : `choose one of these, such as '${known[0]}'`}`,
  });
}
