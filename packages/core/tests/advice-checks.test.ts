import { describe, expect, it } from 'vitest';
import { type Embedder } from '../src/index.js';
import { adviceChecks, conformanceChecks, runConformance, type ConformanceOptions } from '../src/conformance.js';
import { FakeEmbedder, fakeModel, fakePlugin } from './fake-embedder.js';

function embedder(sampleRate: number, change: (good: Embedder) => Partial<Embedder> = () => ({})): ConformanceOptions {
  const load = () => {
    const good = new FakeEmbedder(sampleRate, 1, 0.05);
    const bound: Embedder = {
      ...good,
      embedScenes: (signals, options) => good.embedScenes(signals, options),
      embedTimestamps: (signals, options) => good.embedTimestamps(signals, options),
      dispose: () => good.dispose(),
    };
    return Promise.resolve({ ...bound, ...change(bound) });
  };
  return { plugin: fakePlugin({ ...fakeModel, sampleRate }), load };
}

async function failures(options: ConformanceOptions): Promise<string[]> {
  const failed: string[] = [];
  for await (const { name, passed } of runConformance({ ...options, checks: adviceChecks })) {
    if (!passed) failed.push(name);
  }
  return failed;
}

function timestamps(change: (time: number) => number | undefined): (good: Embedder) => Partial<Embedder> {
  return (good) => ({
    async embedTimestamps(signals, options) {
      const { data, count, size, timestamps } = await good.embedTimestamps(signals, options);
      const kept = [...timestamps].flatMap((time, index) => {
        const changed = change(time);
        return changed === undefined ? [] : [{ time: changed, row: data.subarray(index * size, (index + 1) * size) }];
      });
      return {
        count,
        size,
        timestampCount: kept.length,
        timestamps: Float32Array.from(kept, ({ time }) => time),
        data: Float32Array.from(kept.flatMap(({ row }) => [...row])),
      };
    },
  });
}

describe('advice', () => {
  it('has nothing to say of a good embedder', async () => {
    expect(await failures(embedder(16_000))).toEqual([]);
  });

  it("tells of sample rates that are not HEAR's, but not of those of an ECG", async () => {
    expect(await failures(embedder(2000))).toEqual(["audio has one of HEAR's sample rates"]);
    const load = () => Promise.resolve(new FakeEmbedder(500, 12, 0.05));
    const plugin = fakePlugin({ ...fakeModel, sampleRate: 500, channels: 12 });
    expect(await failures({ plugin, load })).toEqual([]);
  });

  it('tells of a long hop', async () => {
    const everyFourth = timestamps((time) => (Math.round((time - 25) / 50) % 4 === 0 ? time : undefined));
    expect(await failures(embedder(16_000, everyFourth))).toEqual(['timestamps come every 50 ms or closer']);
  });

  it('tells of timestamps that stop early', async () => {
    const early = timestamps((time) => (time < 2_400 ? time : undefined));
    expect(await failures(embedder(16_000, early))).toEqual(['timestamps reach the end of the signal']);
  });

  it('gives drift as the reason where that is it', async () => {
    const drifting = embedder(
      16_000,
      timestamps((time) => 0.95 * time),
    );
    for await (const { name, error } of runConformance({ ...drifting, checks: adviceChecks })) {
      if (name === 'timestamps reach the end of the signal') expect(String(error)).toMatch(/a drift of about 4\.\d %/);
    }
  });
});

it('says of every check what it is good for', () => {
  for (const { name, why } of [...conformanceChecks, ...adviceChecks]) expect(why.length, name).toBeGreaterThan(20);
});
