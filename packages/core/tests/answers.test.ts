import { expect, it } from 'vitest';
import { EmbedderError, type SceneEmbeddings } from '../src/index.js';
import { conformanceChecks, runConformance } from '../src/conformance.js';
import { brokenEmbedder } from './broken-embedders.js';

/** What the checks say of an embedder that answers so, each text once. */
async function told(scenes: unknown, timestamps?: unknown): Promise<Set<string>> {
  const options = brokenEmbedder((good) => ({
    embedScenes: (signals, { abortSignal } = {}) => {
      abortSignal?.throwIfAborted();
      return scenes === undefined ? good.embedScenes(signals) : Promise.resolve(scenes as SceneEmbeddings);
    },
    embedTimestamps: async (signals, options) => {
      const found = await good.embedTimestamps(signals, options);
      return timestamps === undefined ? found : { ...found, ...(timestamps as object) };
    },
    dispose: () => Promise.resolve(),
  }));
  const texts = new Set<string>();
  const checks = conformanceChecks.filter(({ name }) => !/refused|dispose/.test(name));
  for await (const { passed, error } of runConformance({ ...options, checks })) if (!passed) texts.add(String(error));
  return texts;
}

it.each([
  [new Float64Array(4), /scene embeddings as \{ data, count, size \}: an? /],
  [{ data: new Float64Array(12), count: 3, size: 4 }, /scene embeddings as a Float32Array: a Float64Array; return/],
  [{ data: [1, 2, 3], count: 3, size: 1 }, /as a Float32Array: a plain array/],
  [{ data: new Uint8Array(12), count: 3, size: 4 }, /as a Float32Array: a Uint8Array/],
  [null, /as \{ data, count, size \}: null/],
  ['text', /as \{ data, count, size \}: string/],
])('names a scene answer of another type, %o, alike in every check', async (answer, message) => {
  const texts = [...(await told(answer))];
  expect(texts).toHaveLength(1);
  expect(texts[0]).toMatch(message);
});

it('names timestamps of another type', async () => {
  expect([...(await told(undefined, { timestamps: [0, 50] }))].join('\n')).toMatch(
    /timestamps as a Float32Array: a plain array/,
  );
  expect([...(await told(undefined, { data: undefined }))].join('\n')).toMatch(
    /timestamp embeddings as a Float32Array: undefined/,
  );
});

it("takes no embedder's error for an answer of another length because of its words", async () => {
  let calls = 0;
  const options = brokenEmbedder((good) => ({
    embedScenes: (signals) =>
      signals.count > 1 && calls++ % 2 === 0
        ? Promise.reject(
            new EmbedderError({ asked: 'a batch', found: '3 values instead of 4', fix: 'pass one signal' }),
          )
        : good.embedScenes(signals),
  }));
  const texts = new Set<string>();
  for await (const { passed, error } of runConformance(options)) if (!passed) texts.add(String(error));
  expect([...texts].join('\n')).toMatch(/a batch: 3 values instead of 4; pass one signal/);
  expect([...texts].join('\n')).not.toMatch(/one row per signal/);
});

it.each([
  ['not-finite', 'no number', /finite scene embeddings of silence: NaN or infinity/],
  [undefined, 'NaN or infinity', /silence: NaN or infinity; pass louder signals/],
])(
  "goes by the reason of an embedder's error for values of silence (%s), not by its words",
  async (reason, found, message) => {
    const error = new EmbedderError({ asked: 'silence', found, fix: 'pass louder signals', reason });
    const options = brokenEmbedder(() => ({ embedScenes: () => Promise.reject(error) }));
    const checks = conformanceChecks.filter(({ name }) => name === 'silence has finite embeddings');
    const texts: string[] = [];
    for await (const finding of runConformance({ ...options, checks })) texts.push(String(finding.error));
    expect(texts).toEqual([expect.stringMatching(message)]);
  },
);
