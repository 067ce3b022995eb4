import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { maximumShardBytes, maximumShardClips, planShards, type Shard } from '../src/shards/plan-shards.js';
import { removeFinishedParts } from '../src/shards/part-file.node.js';
import { openShard, type ShardKind, type ShardRows } from '../src/shards/shard-file.node.js';
import { shardKey, shardsOfSplit } from '../src/shards/shard-key.node.js';
import { ShardWriter } from '../src/shards/shard-writer.node.js';
import { readAllRows, StoredRows } from '../src/shards/stored-rows.node.js';
import { FileArtifacts } from '../src/store/file-artifacts.node.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
let artifacts: FileArtifacts;
beforeEach(async () => {
  artifacts = new FileArtifacts(await temporaryFolder());
});

const scenes: ShardKind = { kind: 'scene', hasTimestamps: false, size: 2 };
const events: ShardKind = { kind: 'event', hasTimestamps: true, size: 2 };
const shard: Shard = { split: 'train', first: 0, clips: 4 };
const key = shardKey('embeddings/m/t', shard);

/** The embeddings of one clip: its number, twice a row. */
function clip(number: number, { hasTimestamps }: ShardKind = scenes): ShardRows {
  const count = hasTimestamps ? 3 : 1;
  const timestamps = Float32Array.from({ length: hasTimestamps ? count : 0 }, (_, row) => row * 50);
  return { rows: new Float32Array(count * 2).fill(number), rowsPerClip: [count], timestamps, seconds: 0.5 };
}

const open = (kind = scenes) => ShardWriter.open(artifacts, key, shard, kind);
const folder = () => join(artifacts.folder, 'embeddings', 'm', 't');
const expected = (kind = scenes) => ({ ...kind, clips: shard.clips });

async function write(kind = scenes): Promise<void> {
  const writer = await open(kind);
  for (let number = writer.clips; number < shard.clips; number += 1) await writer.append(clip(number, kind));
  expect(await writer.finish()).toBe(true);
}

describe('planShards', () => {
  it('has all clips in order, within the bounds, and no border that is not needed', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: maximumShardBytes + 5 }), { maxLength: 1200 });
    const splits = fc.dictionary(fc.string({ minLength: 1 }), sizes, { maxKeys: 3, noNullPrototype: true });
    fc.assert(
      fc.property(splits, (given) => {
        const clips = new Map(Object.entries(given));
        const shards = planShards(clips);
        for (const [split, bytes] of clips) {
          const own = shards.filter((one) => one.split === split);
          expect(own.reduce((next, { first, clips: count }) => (first === next ? next + count : NaN), 0)).toBe(
            bytes.length,
          );
          own.forEach(({ first, clips: count }, index) => {
            const sum = bytes.slice(first, first + count).reduce((total, one) => total + one, 0);
            expect(count === 1 || (count <= maximumShardClips && sum <= maximumShardBytes)).toBe(true);
            const isFull = count === maximumShardClips || sum + bytes[first + count] > maximumShardBytes;
            expect(index === own.length - 1 || isFull).toBe(true);
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on clips after a border', () => {
    const clips = new Array<number>(1500).fill(1000);
    const borders = (count: number) => planShards(new Map([['a', clips.slice(0, count)]])).map(({ first }) => first);
    expect(borders(1500)).toEqual([0, 512, 1024]);
    expect(borders(513)).toEqual([0, 512]);
  });
});

describe('the keys of shards', () => {
  it('are told apart by split, and found again in order', () => {
    const shards = [0, 512, 1024].map((first) => ({ split: 'train', first, clips: 512 }));
    const others = ['train.1', 'train 1', 'Train', '.train', 'x'.repeat(300), '\u97f3'.repeat(80), 'nul', 'aux'];
    const keys = [...shards, ...others.map((split) => ({ split, first: 0, clips: 512 }))].map((one) =>
      shardKey('e', one),
    );
    expect(new Set(keys).size).toBe(keys.length);
    for (const one of keys) expect(artifacts.localPath(one)).toContain(artifacts.folder);
    expect(shardsOfSplit([...keys].reverse(), 'train', 1536)).toEqual(shards);
    expect(shardsOfSplit(keys.slice(1), 'train', 1536)).toBeUndefined();
    expect(shardsOfSplit(keys, 'train', 1537)).toBeUndefined();
    for (const split of others) expect(shardsOfSplit(keys, split, 512)).toHaveLength(1);
  });
});

describe('ShardWriter', () => {
  it.each([scenes, events])('stores the rows of $kind tasks in one file', async (kind) => {
    await write(kind);
    expect(await readdir(folder())).toEqual(['train.0-4.shard']);
    const stored = await openShard(artifacts.localPath(key), key, expected(kind));
    const rows = kind === scenes ? 1 : 3;
    expect(stored).toMatchObject({ rows: 4 * rows, rowsPerClip: new Array(4).fill(rows), seconds: 2 });
    expect([...stored!.timestamps]).toEqual(kind === scenes ? [] : [0, 50, 100, 0, 50, 100, 0, 50, 100, 0, 50, 100]);
    const all = await readAllRows([stored!, stored!], 2);
    const once = [0, 1, 2, 3].flatMap((number) => new Array<number>(rows * 2).fill(number));
    expect([...all]).toEqual([...once, ...once]);
  });

  it('copies what it is given', async () => {
    const writer = await open();
    const reused = clip(7);
    for (let number = 0; number < 4; number += 1) {
      reused.rows.fill(number);
      await writer.append(reused);
    }
    await writer.finish();
    const stored = await openShard(artifacts.localPath(key), key, expected());
    expect([...(await readAllRows([stored!], 2))]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it.each([scenes, events])('continues with $kind rows that another process has finished', async (kind) => {
    const first = await open(kind);
    for (const number of [0, 1]) {
      await first.append(clip(number, kind));
      await first.keep();
    }
    expect((await open(kind)).clips).toBe(2);
    await write(kind);
    expect(await readdir(folder())).toEqual(['train.0-4.shard']);
    expect(await openShard(artifacts.localPath(key), key, expected(kind))).toMatchObject({ seconds: 2 });
  });

  it('goes on when another process adopts what it has finished, and both store the same', async () => {
    const first = await open();
    await first.append(clip(0));
    await first.keep();
    const second = await open();
    expect(second.clips).toBe(1);
    // Its file is gone: it begins another one with all that it has.
    await first.append(clip(1));
    await first.keep();
    await second.append(clip(1));
    await second.keep();
    const third = await open();
    expect(third.clips).toBe(2);
    for (const writer of [first, second, third]) for (const number of [2, 3]) await writer.append(clip(number));
    expect(await Promise.all([first, second, third].map((writer) => writer.finish()))).toContain(true);
    await removeFinishedParts(folder());
    expect(await readdir(folder())).toEqual(['train.0-4.shard']);
    const stored = await openShard(artifacts.localPath(key), key, expected());
    expect([...(await readAllRows([stored!], 2))]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  it('takes what is sound of a part, whatever follows it', async () => {
    const first = await open();
    for (const number of [0, 1]) {
      await first.append(clip(number));
      await first.keep();
    }
    const [name] = await readdir(folder());
    const path = join(folder(), name);
    const bytes = await readFile(path);
    const random = fc.record({ length: fc.nat(bytes.length), tail: fc.uint8Array({ maxLength: 40 }) });
    await fc.assert(
      fc.asyncProperty(random, async ({ length, tail }) => {
        for (const one of await readdir(folder())) await rm(join(folder(), one));
        await writeFile(path, bytes.subarray(0, length));
        await appendFile(path, tail);
        const { clips } = await open();
        const whole = length === bytes.length ? 2 : length >= bytes.length / 2 ? 1 : 0;
        expect(clips).toBe(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves a shard that is there, unless it is damaged', async () => {
    await write();
    const writer = await open();
    for (const number of [4, 5, 6, 7]) await writer.append(clip(number));
    expect(await writer.finish()).toBe(false);
    const path = artifacts.localPath(key);
    const bytes = await readFile(path);
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const damaged = Uint8Array.from(bytes);
      damaged[bit >> 3] ^= 1 << (bit & 7);
      await writeFile(path, damaged);
      expect(await openShard(path, key, expected())).toBeUndefined();
    }
    expect(await writer.finish(true)).toBe(true);
    expect(await openShard(path, key, expected())).toBeDefined();
    for (const other of [events, { ...scenes, size: 3 }]) {
      expect(await openShard(path, key, expected(other))).toBeUndefined();
    }
    expect(await openShard(path, `${key}2`, expected())).toBeUndefined();
  });
});

describe('StoredRows', () => {
  it('reads rows across shards, and does not keep many files open', async () => {
    const segments = [];
    for (let index = 0; index < 40; index += 1) {
      const path = join(artifacts.folder, `${index}`);
      await writeFile(path, new Uint8Array(Float32Array.of(-1, index, index + 0.5).buffer));
      const { dev, ino } = await stat(path);
      segments.push({ path, device: dev, inode: ino, start: 4, rows: 2 });
    }
    const rows = new StoredRows(segments, 1);
    const all = new Float32Array(80);
    rows.read(0, 80, all, 0);
    expect([...all]).toEqual(segments.flatMap((_, index) => [index, index + 0.5]));
    rows.pick(Uint32Array.of(1, 2, 79)).read(0, 3, all, 0);
    expect([...all.subarray(0, 3)]).toEqual([0.5, 1, 39.5]);
    const open = await readdir('/proc/self/fd').catch(() => []);
    expect(open.length).toBeLessThan(200);
    rows.close();
  });
});
