import type { Embedder } from '../embedder.js';
import type { Plugin } from '../plugin.js';
import { withTypedAnswers } from './answers.js';
import type { ConformanceCheck, ConformanceContext, HeldBytes, TestSignal, Tolerance } from './check.js';
import { embeddingChecks } from './embedding-checks.js';
import { lengthChecks } from './length-checks.js';
import { lifecycleChecks } from './lifecycle-checks.js';
import { metadataChecks } from './metadata-checks.js';
import { refusalChecks } from './refusal-checks.js';
import { streamingChecks } from './streaming-checks.js';
import { defaultTestSignal } from './test-signal.js';

/** Every property that an embedder must have, in the order in which they are tried. */
export const conformanceChecks: readonly ConformanceCheck[] = [
  ...metadataChecks,
  ...embeddingChecks,
  ...lengthChecks,
  ...streamingChecks,
  ...refusalChecks,
  ...lifecycleChecks,
];

/** What to check, and how closely. */
export interface ConformanceOptions {
  /** The plugin to check. */
  readonly plugin: Plugin;
  /** Loads the model. Called three times: once for most checks, and twice for those that dispose of it. */
  readonly load: () => Promise<Embedder>;
  /** Default: `1e-4 + 1e-3 * max|b|`. */
  readonly tolerance?: Partial<Tolerance>;
  /** Other test signals than tones in noise, for a model that refuses or ignores those. */
  readonly signal?: TestSignal;
  /** Scene embedding size to expect where `load` passes other than default options; default: the metadata's. */
  readonly sceneEmbeddingSize?: number;
  /** The checks that `runConformance` makes; default: those of the contract, `conformanceChecks`. */
  readonly checks?: readonly ConformanceCheck[];
  /** Bytes that are held, for `memoryChecks`; without it, they pass. */
  readonly heldBytes?: () => HeldBytes | Promise<HeldBytes>;
  /** Is told of a check that `runConformance` begins: which, how many were before it, and how many there are. */
  readonly onCheck?: (check: ConformanceCheck, index: number, count: number) => void;
}

/** The test runner's functions; Vitest's, Jest's and node:test's fit (its `after` as `afterAll`). */
export interface TestFunctions {
  /** Groups tests under a name. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Adds a test: it fails where its promise rejects. */
  readonly it: (name: string, body: () => Promise<void>) => unknown;
  /** Where given, frees the model after the last check. */
  readonly afterAll?: (body: () => Promise<void>) => unknown;
}

/**
 * Registers one test for every property of the embedder contract. Every plugin's tests call it:
 *
 *     testEmbedder({ describe, it, afterAll }, { plugin, load: () => plugin.loadModel('tests/fixtures/model.pt') });
 */
export function testEmbedder({ describe, it, afterAll }: TestFunctions, options: ConformanceOptions): void {
  const { context, dispose } = conformanceContext(options);
  describe(`${options.plugin.name} keeps the embedder contract`, () => {
    for (const check of conformanceChecks) it(check.name, () => check.run(context));
    afterAll?.(dispose);
  });
}

/** How one check went. */
export interface ConformanceResult {
  /** Which check, by its name. */
  readonly name: string;
  /** What goes wrong where it does not pass. */
  readonly why: string;
  /** Whether the property holds. */
  readonly passed: boolean;
  /** What the check threw, where it did not pass. */
  readonly error?: unknown;
}

/** The same checks without a test runner, one result after the other; the model is freed at the end. */
export async function* runConformance(options: ConformanceOptions): AsyncGenerator<ConformanceResult, void> {
  const { context, dispose } = conformanceContext(options);
  try {
    const checks = options.checks ?? conformanceChecks;
    for (const [index, check] of checks.entries()) {
      const { name, why } = check;
      options.onCheck?.(check, index, checks.length);
      try {
        await check.run(context);
      } catch (error) {
        yield { name, why, passed: false, error };
        continue;
      }
      yield { name, why, passed: true };
    }
  } finally {
    await dispose();
  }
}

function conformanceContext(options: ConformanceOptions): {
  context: ConformanceContext;
  dispose: () => Promise<void>;
} {
  let shared: Promise<Embedder> | undefined;
  const context: ConformanceContext = {
    plugin: withTypedAnswers(options.plugin),
    load: () => options.load(),
    embedder: () => (shared ??= options.load()),
    tolerance: { absolute: 1e-4, relative: 1e-3, ...options.tolerance },
    signal: options.signal ?? defaultTestSignal,
    ...(options.sceneEmbeddingSize === undefined ? {} : { sceneEmbeddingSize: options.sceneEmbeddingSize }),
    ...(options.heldBytes === undefined ? {} : { heldBytes: options.heldBytes }),
  };
  const dispose = async () => {
    // A model that did not load has nothing to free; the checks said so.
    const embedder = await shared?.catch(() => undefined);
    await embedder?.dispose();
  };
  return { context, dispose };
}
