/** Prefix of the names of weights that Hearken's graphs take from a checkpoint. */
export const checkpointPrefix = 'checkpoint/';

/**
 * The blocks of a model, from the names of its parameters: the numbered group with the most blocks, such as
 * `encoder.layers.0.` to `encoder.layers.11.`; of equal ones, the group with the most parameters.
 *
 * @returns prefixes in order; none if no names are numbered
 */
export function findBlocks(names: readonly string[]): string[] {
  const groups = new Map<string, { readonly numbers: Set<number>; count: number }>();
  for (const name of names) {
    for (const { index } of name.matchAll(/(?<=[./])\d+(?=\.)/g)) {
      const prefix = name.slice(0, index);
      const group = groups.get(prefix) ?? { numbers: new Set(), count: 0 };
      group.numbers.add(Number.parseInt(name.slice(index), 10));
      group.count += 1;
      groups.set(prefix, group);
    }
  }
  const [best] = [...groups].sort(
    ([, left], [, right]) => right.numbers.size - left.numbers.size || right.count - left.count,
  );
  if (best === undefined || best[1].numbers.size < 2) return [];
  const [prefix, { numbers }] = best;
  return [...numbers].sort((left, right) => left - right).map((number) => `${prefix}${number}.`);
}

/** The block that a parameter belongs to, from 0: before the first block -1, behind the last their number. */
export function blockOf(name: string, blocks: readonly string[], order: ReadonlyMap<string, number>): number {
  const own = blocks.findIndex((prefix) => name.startsWith(prefix));
  if (own >= 0) return own;
  // What is neither in a block nor behind the last one is before them.
  const last = Math.max(-1, ...[...order].filter(([one]) => one.startsWith(blocks.at(-1) ?? ' ')).map(([, at]) => at));
  return last >= 0 && (order.get(name) ?? 0) > last ? blocks.length : -1;
}
