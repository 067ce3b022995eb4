import { describe, expect, it } from 'vitest';
import { definePlugin, HearkenError } from '../src/index.js';
import {
  conformanceChecks,
  defaultTestSignal,
  runConformance,
  testEmbedder,
  type ConformanceOptions,
} from '../src/conformance.js';
import { metadataChecks } from '../src/conformance/metadata-checks.js';
import { brokenEmbedder, good, changeScenes, breakages, tooLong } from './broken-embedders.js';
import { FakeEmbedder, fakeModel, fakePlugin } from './fake-embedder.js';

async function failures(options: ConformanceOptions): Promise<string[]> {
  const failed: string[] = [];
  for await (const { name, passed, error } of runConformance(options)) {
    if (passed) continue;
    expect(error, name).toBeInstanceOf(HearkenError);
    failed.push(name);
  }
  return failed;
}

describe('embedders that keep the contract', () => {
  it('include one that does not stream', async () => {
    expect(await failures(brokenEmbedder(() => ({ timestampStreaming: undefined })))).toEqual([]);
  });

  testEmbedder({ describe, it }, good(fakePlugin()));

  it('include one of many channels that needs more than HEAR clips have', async () => {
    const ecg = { ...fakeModel, sampleRate: 500, channels: 12 };
    expect(await failures(good(fakePlugin(ecg, 2.2)))).toEqual([]);
  });

  it('include one with other options than the metadata tells of', async () => {
    const plugin = fakePlugin({ ...fakeModel, embeddingSize: 99 });
    const load = () => plugin.loadModel();
    expect(await failures({ plugin, load, sceneEmbeddingSize: 4 })).toEqual([]);
    expect(await failures({ plugin, load })).toEqual([
      'sizes and sample rate are positive integers and match the metadata',
    ]);
  });

  it('include one that jitters within the tolerance it was given', async () => {
    const options = changeScenes(({ data }) => ({ data: data.map((value) => value + 0.01 * Math.random()) }));
    expect(await failures(options)).toContain('the same signal twice has the same embedding');
    expect(await failures({ ...options, tolerance: { absolute: 0.02 } })).toEqual([]);
  });
});

describe('embedders that break the contract', () => {
  it('are made up for every check', () => {
    expect(Object.keys(breakages)).toEqual(conformanceChecks.map(({ name }) => name));
  });

  describe.each(Object.entries(breakages))('%s', (check, fakes) => {
    it.each(Object.entries(fakes))('%s', async (_, options) => {
      expect(await failures(options)).toContain(check);
    });
  });
});

describe('the sample rate', () => {
  const check = metadataChecks.find(({ name }) => name.startsWith('sizes and sample rate'))!;
  const outcome = async (sampleRate: number, channels: number) => {
    // Metadata and embedder agree: the rate itself is what is looked at.
    const plugin = fakePlugin({ ...fakeModel, sampleRate, channels }, 1);
    for await (const { passed, error } of runConformance({ ...good(plugin), checks: [check] })) {
      return passed ? 'passed' : (error as HearkenError).asked;
    }
  };

  it.each([
    [1, 2000, 400_000],
    [2, 50, 400_000],
    [12, 50, 400_000],
  ])('of %d channels is one that such signals are recorded at: %d to %d Hz', async (channels, lowest, highest) => {
    expect(await outcome(lowest, channels)).toBe('passed');
    expect(await outcome(highest, channels)).toBe('passed');
    for (const rate of [lowest - 1, highest + 1]) {
      expect(await outcome(rate, channels)).toMatch(`sampleRate from ${lowest} to ${highest} Hz for ${channels} chan`);
    }
  });

  it('of an embedder is neither in kHz nor that of frames', async () => {
    for (const rate of [16, 44, 100]) expect(await outcome(rate, 1)).toMatch('sampleRate from 2000');
  });
});

describe('the test signals', () => {
  const signal = (seed: number) => defaultTestSignal(2000, seed, new FakeEmbedder(2000, 12, 0.05));
  const peak = (seed: number) => signal(seed).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

  it('are the same for the same seed, and within [-1, 1]', () => {
    expect(signal(1)).toEqual(signal(1));
    expect(signal(1)).not.toEqual(signal(4));
    expect([0, 1, 2].map(peak).every((value) => value > 0 && value < 1)).toBe(true);
  });

  it('are of very different loudness in one batch, so that scaling by the batch shows', () => {
    expect(peak(0)).toBeGreaterThan(10 * peak(1));
  });

  it('differ between channels', () => {
    expect(signal(0).subarray(0, 2000)).not.toEqual(signal(0).subarray(2000, 4000));
  });
});

describe('the suite', () => {
  it('frees the model it loaded, with a test runner and without', async () => {
    let open = 0;
    const load = () => {
      open += 1;
      const embedder = new FakeEmbedder(2000, 1, 0.05);
      const dispose = embedder.dispose.bind(embedder);
      let disposed = false;
      embedder.dispose = () => {
        if (!disposed) open -= 1;
        disposed = true;
        return dispose();
      };
      return Promise.resolve(embedder);
    };
    expect(await failures({ plugin: fakePlugin(), load })).toEqual([]);
    expect(open).toBe(0);

    const tests: (() => Promise<void>)[] = [];
    const describe = (_: string, body: () => void) => {
      body();
    };
    const it = (_: string, body: () => Promise<void>) => tests.push(body);
    const afterAll = (body: () => Promise<void>) => tests.push(body);
    testEmbedder({ describe, it, afterAll }, { plugin: fakePlugin(), load });
    expect(tests.length).toBe(conformanceChecks.length + 1);
    for (const test of tests) await test();
    expect(open).toBe(0);
  });

  it('fails every check that needs the model where it does not load', async () => {
    const load = () => Promise.reject(tooLong());
    expect((await failures({ plugin: fakePlugin(), load })).length).toBe(conformanceChecks.length - 1);
  });

  it('takes a plugin from another copy of this package, whose errors have the codes but not the classes', async () => {
    class OtherSignalError extends Error {
      readonly code = 'SIGNAL';
    }
    const plugin = definePlugin({ ...fakePlugin() });
    const options = good({
      ...plugin,
      getSceneEmbeddings: (...parts) =>
        plugin.getSceneEmbeddings(...parts).catch((error: unknown) => {
          throw error instanceof HearkenError && error.code === 'SIGNAL' ? new OtherSignalError(error.message) : error;
        }),
    });
    expect(await failures(options)).toEqual([]);
  });
});
