import { OptionError, type RecipeSettings, type TrainableNetwork, type TrainingRecipe } from '@hearken/core';
import type { GraphProto } from '@hearken/onnx/internal';
import { readModel } from '../graph/read-graph.js';
import { listParameters } from '../list-parameters.js';
import { blockOf, checkpointPrefix, findBlocks } from './blocks.js';

/** Which parameters of a network are trained, and where they are. */
export interface ParameterSelection {
  /** Names of the trained parameters of the checkpoint, in the order in which the graph uses them. */
  readonly trained: readonly string[];
  /** Matrices that get adapters instead. */
  readonly adapted: readonly string[];
  /** The block of each parameter, see `blockOf`. */
  readonly blockOf: (parameter: string) => number;
  /** Number of blocks. */
  readonly blocks: number;
}

/**
 * Chooses what a recipe trains besides the head.
 *
 * @param given the model's blocks, if its plugin names them
 * @throws OptionError if there is nothing such to train
 */
export function selectParameters(
  { model }: Pick<TrainableNetwork, 'model'>,
  { trains = 'all', accepts }: TrainingRecipe,
  settings: RecipeSettings,
  given?: readonly string[],
): ParameterSelection {
  const { graph } = readModel(model);
  const order = uses(graph);
  const statistics = statisticNames(graph);
  const candidates = listParameters(model)
    .filter(({ name }) => order.has(name) && !statistics.has(name))
    .sort((left, right) => order.get(left.name)! - order.get(right.name)!);
  const names = candidates.map(({ name }) => name);
  const blocks = given ?? findBlocks(names);
  const block = (name: string) => blockOf(name, blocks, order);
  const isAccepted = (name: string) => accepts?.(plainName(name), settings, block(name), blocks.length) ?? true;
  const found = { blockOf: block, blocks: blocks.length };
  switch (trains) {
    case 'head':
      return { ...found, trained: [], adapted: [] };
    case 'all':
      return { ...found, trained: names.filter(isAccepted), adapted: [] };
    case 'last-blocks': {
      const count = settings.blocks as number;
      const first = count < 0 ? 0 : blocks.length - count;
      if (blocks.length === 0 || first < 0) {
        throw new OptionError({
          asked: `the last ${count} blocks`,
          found: blocks.length === 0 ? 'parameters without numbered blocks' : `${blocks.length} blocks`,
          fix: blocks.length === 0 ? "choose recipe 'full' or 'head'" : 'pass a smaller setting blocks',
        });
      }
      return { ...found, trained: names.filter((name) => block(name) >= first && isAccepted(name)), adapted: [] };
    }
    case 'low-rank': {
      const matrices = candidates.filter(({ name, shape }) => shape.length === 2 && isProduct(graph, name));
      const adapted = chooseMatrices(
        matrices.map(({ name }) => name),
        settings.targets as string,
      ).filter(isAccepted);
      return { ...found, trained: [], adapted };
    }
  }
}

/** A parameter's name in the checkpoint. */
export function plainName(name: string): string {
  return name.startsWith(checkpointPrefix) ? name.slice(checkpointPrefix.length) : name;
}

/** The matrices with one of the targets in their names; by default those of queries and values, or all. */
function chooseMatrices(names: readonly string[], targets: string): string[] {
  const parts = targets
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const usual = names.filter((name) => /(?:^|[._/])(?:query|value|q_proj|v_proj|qkv|q_lin|v_lin)[._]/.test(name));
  const chosen = parts.length > 0 ? names.filter((name) => parts.some((part) => name.includes(part))) : usual;
  if (chosen.length > 0) return chosen;
  if (parts.length === 0 && names.length > 0) return [...names];
  throw new OptionError({
    asked: parts.length > 0 ? `adapters for '${targets}'` : 'low-rank adapters',
    found: names.length === 0 ? 'no matrices of linear layers' : `${names.length} matrices, none with such a name`,
    fix:
      names.length === 0
        ? "choose recipe 'full' or 'last-blocks'"
        : `pass parts of names such as '${plainName(names[0])}'`,
  });
}

/** The index of the first node that uses each value. */
function uses({ node }: GraphProto): Map<string, number> {
  const order = new Map<string, number>();
  node.forEach(({ input }, index) => {
    for (const name of input) if (!order.has(name)) order.set(name, index);
  });
  return order;
}

/** Means and variances of batch norms. */
export function statisticNames({ node }: GraphProto): Set<string> {
  return new Set(node.flatMap(({ opType, input }) => (opType === 'BatchNormalization' ? input.slice(3, 5) : [])));
}

function isProduct({ node }: GraphProto, name: string): boolean {
  const casts = node.filter(({ opType, input }) => opType === 'Cast' && input[0] === name);
  const names = new Set([name, ...casts.flatMap(({ output }) => output)]);
  return node.some(({ opType, input }) => (opType === 'Gemm' || opType === 'MatMul') && names.has(input[1]));
}
