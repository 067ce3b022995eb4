import type { Embedder } from '../embedder.js';
import type { Plugin } from '../plugin.js';
import { withTypedAnswers } from './answers.js';
import type { ConformanceCheck, ConformanceContext, HeldBytes, TestSignal, Tolerance } from './check.js';
import { embeddingChecks } from './embedding-checks.js';
import { headChecks } from './head-checks.js';
import { lengthChecks } from './length-checks.js';
import { lifecycleChecks } from './lifecycle-checks.js';
import { metadataChecks } from './metadata-checks.js';
import { refusalChecks } from './refusal-checks.js';
import { streamingChecks } from './streaming-checks.js';
import { defaultTestSignal } from './test-signal.js';

/** Every property that an embedder must have, in the order in which they are checked. */
export const conformanceChecks: readonly ConformanceCheck[] = [
  ...metadataChecks,
  ...embeddingChecks,
  ...lengthChecks,
  ...streamingChecks,
  ...headChecks,
  ...refusalChecks,
  ...lifecycleChecks,
];

/** What to check, and with which tolerance. */
export interface ConformanceOptions {
  /** The plugin to check. */
  readonly plugin: Plugin;
  /** Loads the model. Called three times: once for most checks, and twice for checks that dispose of it. */
  readonly load: () => Promise<Embedder>;
  /** Default: `1e-4 + 1e-3 * max|b|`. */
  readonly tolerance?: Partial<Tolerance>;
  /** Makes test signals for a model that refuses or ignores the default ones, tones in noise. */
  readonly signal?: TestSignal;
  /** The expected scene embedding size if `load` passes options that change it; default: the one in the metadata. */
  readonly sceneEmbeddingSize?: number;
  /** The checks that `runConformance` runs; default: those of the contract, `conformanceChecks`. */
  readonly checks?: readonly ConformanceCheck[];
  /** Returns the bytes in use, for `memoryChecks`; without it, these checks pass. */
  readonly heldBytes?: () => HeldBytes | Promise<HeldBytes>;
  /** Called when `runConformance` begins a check: with the check, how many came before it, and how many there are. */
  readonly onCheck?: (check: ConformanceCheck, index: number, count: number) => void;
}

/** The test runner's functions; those of Vitest, Jest and node:test fit (pass its `after` as `afterAll`). */
export interface TestFunctions {
  /** Groups tests under a name. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Adds a test, which fails if its promise rejects. */
  readonly it: (name: string, body: () => Promise<void>) => unknown;
  /** If given, used to free the model after the last check. */
  readonly afterAll?: (body: () => Promise<void>) => unknown;
}

/**
 * Registers one test for each property of the embedder contract. Call it in the tests of every plugin:
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

/** The result of one check. */
export interface ConformanceResult {
  /** The name of the check. */
  readonly name: string;
  /** What goes wrong if it does not pass. */
  readonly why: string;
  /** Whether the property holds. */
  readonly passed: boolean;
  /** What the check threw if it did not pass. */
  readonly error?: unknown;
}

/** Runs the same checks without a test runner, and yields one result after the other; the model is freed at the end. */
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
    // A model that failed to load has nothing to free; the checks have reported it.
    const embedder = await shared?.catch(() => undefined);
    await embedder?.dispose();
  };
  return { context, dispose };
}
