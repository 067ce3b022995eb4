/** Consecutive clips of a split whose embeddings are one file. */
export interface Shard {
  /** The split's name. */
  readonly split: string;
  /** Index of the first clip in the split. */
  readonly first: number;
  /** Number of clips. */
  readonly clips: number;
}

/** Clips in a shard, at most. */
export const maximumShardClips = 512;
/** Bytes of the files of a shard's clips, at most, unless a single clip has more: 17 minutes of 16-bit sound at 16 kHz. */
export const maximumShardBytes = 2 ** 25;

/**
 * Divides splits into shards: a border follows after 512 clips, or before the clip that would bring the files of the
 * shard's clips over 32 MiB. Borders only depend on the clips' sizes, so that every run and every machine has the same
 * ones.
 *
 * @param splits size of each clip's file in bytes, by split, in the split's order
 */
export function planShards(splits: ReadonlyMap<string, readonly number[]>): Shard[] {
  const shards: Shard[] = [];
  for (const [split, sizes] of splits) {
    let first = 0;
    let bytes = 0;
    sizes.forEach((size, clip) => {
      const clips = clip - first;
      if (clips > 0 && (clips === maximumShardClips || bytes + size > maximumShardBytes)) {
        shards.push({ split, first, clips });
        first = clip;
        bytes = 0;
      }
      bytes += size;
    });
    if (first < sizes.length) shards.push({ split, first, clips: sizes.length - first });
  }
  return shards;
}
