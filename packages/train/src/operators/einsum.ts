import { textOf } from '../graph/attributes.js';
import type { Emitter, GraphValue, Operator, OperatorNode } from '../graph/contracts.js';
import { expandTo, multiply, reshape, sumTo } from './emit.js';
import { checkFits, nodeError, required } from './shapes.js';

/** An equation whose axes all have a letter. */
interface Equation {
  /** One letter for each axis of each operand. */
  readonly operands: readonly string[];
  readonly output: string;
  /** The size of each letter. */
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * Sums of products, as an equation says: `bqd,bkd->bqk`. It is linear in each operand, so an operand's gradient is the
 * sum of products of the output's gradient and the other operands, over all letters that the operand lacks; along a
 * letter that only the operand has, all elements have the same one.
 */
export const einsum: Operator = {
  type: 'Einsum',
  infer(node) {
    const { output, sizes } = equationOf(node);
    return [{ dataType: required(node, 0).dataType, shape: [...output].map((letter) => sizes.get(letter)!) }];
  },
  train(graph, node) {
    const equation = equationOf(node);
    refuseDiagonals(node, equation);
    const operands = node.inputs.map((_, index) => required(node, index));
    const output = graph.add('Einsum', operands, { attributes: node.attributes });
    return {
      outputs: [output],
      backward: ([gradient], wanted) =>
        gradient === undefined
          ? []
          : operands.map((_, index) =>
              wanted[index] ? gradientOf(graph, equation, operands, gradient, index) : undefined,
            ),
    };
  },
};

function gradientOf(
  graph: Emitter,
  { operands: terms, output, sizes }: Equation,
  operands: readonly GraphValue[],
  gradient: GraphValue,
  index: number,
): GraphValue {
  const others = operands.flatMap((operand, at) => (at === index ? [] : [{ operand, term: terms[at] }]));
  // A scalar has no term in an equation that all runtimes read.
  const factors = output === '' ? others : [{ operand: gradient, term: output }, ...others];
  const known = new Set(factors.map(({ term }) => term).join(''));
  const own = [...terms[index]];
  const found = own.filter((letter) => known.has(letter));
  const equation = `${factors.map(({ term }) => term).join(',')}->${found.join('')}`;
  const inputs = factors.map(({ operand }) => operand);
  const summed = inputs.length === 0 ? gradient : graph.add('Einsum', inputs, { attributes: { equation } });
  const value = output === '' && inputs.length > 0 ? multiply(graph, summed, gradient) : summed;
  // The operand itself may be what repeats an axis, or be repeated along it.
  let at = 0;
  const kept = own.map((letter) => (known.has(letter) ? value.shape[at++] : 1));
  const full = own.map((letter) => sizes.get(letter)!);
  return sumTo(graph, expandTo(graph, reshape(graph, value, kept), full), operands[index].shape);
}

/** The equation of a node, with letters instead of `...`, and with an output. */
function equationOf(node: OperatorNode): Equation {
  const written = textOf(node, 'equation', '').replaceAll(' ', '');
  const [left, right, ...rest] = written.split('->');
  const terms = left.split(',');
  const isRead = [...terms, right ?? ''].every((term) => /^[a-zA-Z]*(?:\.\.\.)?[a-zA-Z]*$/.test(term));
  if (!isRead || rest.length > 0 || terms.length !== node.inputs.length) {
    throw nodeError(node, `equation '${written}' of ${node.inputs.length} operands`, 'correct the model');
  }
  const shapes = terms.map((_, index) => required(node, index).shape);
  const open = shapes.map(({ length }, index) =>
    terms[index].includes('...') ? length - (terms[index].length - 3) : 0,
  );
  const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'].filter(
    (letter) => !written.includes(letter),
  );
  const most = Math.max(...open);
  checkFits(node, Math.min(...open) >= 0 && most <= free.length);
  const letters = free.slice(0, most).join('');
  const operands = terms.map((term, index) => term.replace('...', letters.slice(most - open[index])));
  checkFits(
    node,
    operands.every((term, index) => term.length === shapes[index].length),
  );
  const sizes = new Map<string, number>();
  operands.forEach((term, index) => {
    [...term].forEach((letter, axis) => {
      const [size, known] = [shapes[index][axis], sizes.get(letter) ?? 1];
      checkFits(node, size === known || size === 1 || known === 1);
      sizes.set(letter, size === 1 ? known : size);
    });
  });
  const output = right?.replace('...', letters) ?? letters + implied(operands.join(''), letters);
  const repeats = new Set(output).size < output.length;
  if (
    repeats ||
    [...output].some((letter) => !sizes.has(letter)) ||
    [...letters].some((one) => !output.includes(one))
  ) {
    throw nodeError(node, `equation '${written}'`, 'name each axis of the output once, and as an operand does');
  }
  return { operands, output, sizes };
}

/** The output of an equation without one: letters that occur once, in alphabetical order. */
function implied(all: string, besides: string): string {
  const once = [...new Set(all)].filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter));
  return once
    .filter((letter) => !besides.includes(letter))
    .sort()
    .join('');
}

function refuseDiagonals(node: OperatorNode, { operands }: Equation): void {
  if (operands.every((term) => new Set(term).size === term.length)) return;
  const equation = textOf(node, 'equation', '');
  throw nodeError(node, `equation '${equation}', which takes a diagonal`, 'take the diagonal by GatherElements');
}
