import { keyName } from '../store/key-name.node.js';
import type { Shard } from './plan-shards.js';

/** The key of a shard: `<folder>/<split>.<first clip>-<number of clips>.shard`. */
export function shardKey(folder: string, { split, first, clips }: Shard): string {
  return `${folder}/${keyName(split)}.${first}-${clips}.shard`;
}

/**
 * The shards of a split among some keys, in order.
 *
 * @returns undefined if they are not all of the split's clips, one after another
 */
export function shardsOfSplit(keys: readonly string[], split: string, clips: number): Shard[] | undefined {
  const start = `${keyName(split)}.`;
  const shards = keys
    .map((key) => key.slice(key.lastIndexOf('/') + 1))
    .filter((name) => name.startsWith(start))
    .flatMap((name) => {
      const found = /^(\d+)-(\d+)\.shard$/.exec(name.slice(start.length));
      return found === null ? [] : [{ split, first: Number(found[1]), clips: Number(found[2]) }];
    })
    .sort((one, other) => one.first - other.first);
  let next = 0;
  for (const shard of shards) {
    if (shard.first !== next) return undefined;
    next += shard.clips;
  }
  return next === clips ? shards : undefined;
}
