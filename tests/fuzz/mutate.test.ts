import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutateFile } from '../../fuzz/mutate/files.js';
import { layoutOf } from '../../fuzz/layouts/index.js';
import type { Blocks, Layout } from '../../fuzz/layouts/layout.js';
import { protobufLayout } from '../../fuzz/layouts/protobuf.js';
import { addTensor } from '../../fuzz/targets/onnx-seed.js';
import { singleFiles } from '../../fuzz/targets/seed-files.js';
import { Random } from '../../packages/metrics/src/random.js';

const seeds = (
  await Promise.all(
    ['audio', 'archives', 'checkpoints', 'ecg'].map((own) => singleFiles({ own }, /\.(?!hea|dat|edf|bdf)\w+$/)),
  )
)
  .flat()
  .flatMap((files) => Object.entries(files));

const known = /\.(?:wav|w64|aiff|aifc|caf|flac|og[ga]|opus|m4a|mp4|webm|mka|mp3|aac|tar|npy|safetensors)$/;

describe('a layout', () => {
  it.each(seeds.filter(([name]) => known.test(name)))(
    'finds blocks in %s, and makes them into a file of the same',
    (name, bytes) => {
      const layout = layoutOf(name, bytes)!;
      const file = layout.parse(bytes)!;
      expect(file.blocks.length).toBeGreaterThan(1);
      expect(contentOf(layout.parse(layout.build(file))!)).toEqual(contentOf(file));
    },
  );

  it.each(seeds.filter(([name]) => /\.(?:wav|flac|ogg|opus|aiff|caf|tar|aac|mp3)$/.test(name) && name !== 'rf64.wav'))(
    'makes %s as it was, byte by byte',
    (name, bytes) => {
      const layout = layoutOf(name, bytes)!;
      const built = layout.build(layout.parse(bytes)!);
      // RF64 says its size elsewhere, and archives end in blocks of zeros.
      expect(Buffer.from(built.subarray(8, 400)).equals(Buffer.from(bytes.subarray(8, 400)))).toBe(true);
    },
  );

  it('goes as deep as fields and boxes do', () => {
    expect(depthOf(protobufLayout, addTensor())).toBeGreaterThan(2);
    const [, m4a] = seeds.find(([name]) => name === 'aac.m4a')!;
    expect(depthOf(layoutOf('aac.m4a', m4a)!, m4a)).toBeGreaterThan(5);
  });
});

it('any number of changes gives a file that is not too large', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...seeds), fc.constantFrom(...seeds), (seed, [name, bytes], [, donor]) => {
      const changed = mutateFile(name, bytes, new Random(seed), donor);
      expect(changed.length).toBeLessThanOrEqual(2 ** 21);
    }),
    { numRuns: 500 },
  );
});

function contentOf({ blocks }: Blocks): string[] {
  return blocks.map(
    ({ head, body }) => `${Buffer.from(head.subarray(0, 4)).toString('hex')} ${Buffer.from(body).toString('base64')}`,
  );
}

function depthOf(layout: Layout, bytes: Uint8Array): number {
  const file = layout.parse(bytes);
  const inner = (file?.blocks ?? []).map((block) => {
    const inside = layout.inside?.(block);
    return inside === undefined ? 0 : depthOf(inside, block.body);
  });
  return 1 + Math.max(0, ...inner);
}
