import type { Random } from '../../packages/metrics/src/random.js';
import type { Block, Layout } from '../layouts/layout.js';
import { joinBytes } from './join-bytes.js';

/** False lengths for blocks. */
const lies = [
  0,
  1,
  4,
  7,
  8,
  255,
  256,
  65_535,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 2,
  2 ** 32 - 1,
  2 ** 40,
  2 ** 52,
];

/** Changes the content of a block; the caller knows what it contains. */
export type ChangeBody = (body: Uint8Array, random: Random, donor: Uint8Array) => Uint8Array;

/**
 * Changes a file's blocks: removes, repeats, moves and renames them, takes blocks from another file, changes the content of
 * one, or gives one a false length. All other lengths and checksums are corrected, so that a reader gets as far as the
 * change.
 */
export function mutateBlocks(
  layout: Layout,
  bytes: Uint8Array,
  random: Random,
  donor: Uint8Array,
  change: ChangeBody,
): Uint8Array {
  const file = layout.parse(bytes);
  if (file === undefined || file.blocks.length === 0) return change(bytes, random, donor);
  const blocks = [...file.blocks];
  const at = random.integer(blocks.length);
  const block = blocks[at];
  switch (random.integer(12)) {
    case 0:
      blocks.splice(at, 1 + (random.integer(4) === 0 ? random.integer(blocks.length) : 0));
      break;
    case 1:
      blocks.splice(at, 0, ...Array.from({ length: random.choice([1, 1, 2, 30]) }, () => block));
      break;
    case 2:
      blocks.splice(at, 1);
      blocks.splice(random.integer(blocks.length + 1), 0, block);
      break;
    case 3: {
      const others = layout.parse(donor)?.blocks ?? [];
      if (others.length > 0) blocks.splice(at, random.integer(2), random.choice(others));
      break;
    }
    case 4: {
      const name = random.choice(blocks).head;
      blocks[at] = { ...block, head: name };
      break;
    }
    case 5:
    case 6:
      blocks[at] = {
        ...block,
        declared: random.integer(3) === 0 ? block.body.length + random.integer(9) - 4 : random.choice(lies),
      };
      if ((blocks[at].declared ?? 0) < 0) blocks[at] = block;
      break;
    case 7:
      blocks[at] = { ...block, head: change(block.head, random, donor) };
      break;
    default:
      blocks[at] = inside(layout, block, random, donor, change);
  }
  const prefix = random.integer(20) === 0 ? change(file.prefix, random, donor) : file.prefix;
  return layout.build({ prefix, blocks });
}

function inside(layout: Layout, block: Block, random: Random, donor: Uint8Array, change: ChangeBody): Block {
  const inner = layout.inside?.(block);
  if (inner !== undefined && random.integer(4) > 0 && inner.parse(block.body) !== undefined) {
    return { ...block, body: mutateBlocks(inner, block.body, random, donor, change) };
  }
  return { ...block, body: change(block.body, random, joinBytes([donor])) };
}
