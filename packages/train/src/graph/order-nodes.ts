import type { NodeProto } from '@hearken/onnx/internal';

/**
 * The order of nodes in a file with which ONNX Runtime computes values no earlier than it needs them. It goes from the
 * last node of the file without a reader back to what that needs, and where a node needs several others, it computes the
 * last of them in the file first. In the order in which gradients are written, it would compute everything that doesn't
 * depend on the loss before the backward pass, and the weights' gradients only after it: all of that would be in memory
 * at once.
 *
 * So what doesn't depend on the gradient of the loss comes first (it is then computed after the gradient that it is
 * multiplied by), then what leads to other gradients, and last the gradients of parameters, the first layer's first.
 *
 * @param nodes in an order in which they could run
 * @param start index of the first node of the backward pass
 * @param root name of the loss's gradient
 */
export function orderNodes(nodes: readonly NodeProto[], start: number, root: string): NodeProto[] {
  const readers = new Map<string, number>();
  for (const { input } of nodes) for (const name of input) readers.set(name, (readers.get(name) ?? 0) + 1);
  const producers = new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const dependent = new Set([root]);
  const early = nodes.slice(0, start);
  const late: NodeProto[] = [];
  for (const node of nodes.slice(start)) {
    if (!node.input.some((name) => dependent.has(name))) {
      early.push(node);
      continue;
    }
    late.push(node);
    for (const name of node.output) dependent.add(name);
  }
  // What is only renamed to be an output of the graph is one node with what computes it.
  const renaming = new Map(
    late.flatMap((node) => {
      const [name] = node.input;
      const producer = producers.get(name);
      const isLast = node.opType === 'Identity' && node.output.every((one) => !readers.has(one));
      return isLast && readers.get(name) === 1 && producer?.output.length === 1 ? [[producer, node] as const] : [];
    }),
  );
  const renamed = new Set(renaming.values());
  const isLeaf = (node: NodeProto) => renaming.has(node) || node.output.every((name) => !readers.has(name));
  const rest = late.filter((node) => !renamed.has(node));
  const leaves = rest.filter(isLeaf).reverse();
  return [
    ...early,
    ...rest.filter((node) => !isLeaf(node)),
    ...leaves.flatMap((node) => [node, ...(renaming.has(node) ? [renaming.get(node)!] : [])]),
  ];
}
