import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Embedder, isHearkenError, type Plugin } from '@hearken/core';
import {
  adviceChecks,
  conformanceChecks,
  type ConformanceOptions,
  type HeldBytes,
  memoryChecks,
  runConformance,
} from '@hearken/core/conformance';
import type { PackageFolder } from '../plugins/package-folders.node.js';
import { thrownText } from '../plugins/thrown-text.js';
import { checkpointFinding } from './checkpoint-finding.node.js';
import type { Finding } from './finding.js';
import { packageFindings } from './package-findings.node.js';

/** What to check. */
export interface PluginToValidate {
  readonly plugin: Plugin;
  /** Loads the model; called several times. */
  readonly load: () => Promise<Embedder>;
  /** The checkpoint that was passed, and the hash that the model reports for it. */
  readonly checkpoint?: string;
  readonly checkpointSha256?: string | null;
  /** The imported module of the plugin, if it has one. */
  readonly module?: unknown;
  /** The package of the plugin, if there is one. */
  readonly found?: PackageFolder;
  /** The expected scene embedding size, if options change it. */
  readonly sceneEmbeddingSize?: number;
  /** Called with each check of the model before it starts. */
  readonly onCheck?: ConformanceOptions['onCheck'];
}

/** Checks of the model. Those of the contract come first, so that causes are reported before their consequences. */
const contractChecks = [...conformanceChecks, ...memoryChecks];
const modelChecks = [...contractChecks, ...adviceChecks];

/**
 * Checks a plugin: the embedder contract, what else HEAR's validator requires, and whether its package is easy to use.
 * Yields one finding after another.
 */
export async function* validatePlugin(subject: PluginToValidate): AsyncGenerator<Finding, void> {
  const { found, module, checkpoint, checkpointSha256 = null, ...options } = subject;
  const contractNames = new Set(contractChecks.map(({ name }) => name));
  const known = new Map<string, string>();
  for await (const { name, why, passed, error } of runConformance({ ...options, checks: modelChecks, heldBytes })) {
    const kind = contractNames.has(name) ? 'contract' : 'advice';
    if (passed) {
      yield { name, kind, why, passed };
      continue;
    }
    const reasons = reasonsOf(error);
    const sameReasonAs = reasons.map((reason) => known.get(reason)).find((earlier) => earlier !== undefined);
    for (const reason of reasons) if (!known.has(reason)) known.set(reason, sameReasonAs ?? name);
    yield { name, kind, why, passed, ...whatWentWrong(error), ...(sameReasonAs === undefined ? {} : { sameReasonAs }) };
  }
  const hash = await checkpointFinding(checkpoint, checkpointSha256);
  if (hash !== undefined) yield hash;
  if (module !== undefined) yield moduleFinding(module);
  if (found !== undefined) yield* await packageFindings(subject.plugin, found);
}

const hearFunctions = ['loadModel', 'getSceneEmbeddings', 'getTimestampEmbeddings'] as const;

/**
 * HEAR's API is a module with functions: a missing one is a failure, as in HEAR's validator. The harness adds missing
 * functions, other callers cannot.
 */
function moduleFinding(module: unknown): Finding {
  const exported = module as Readonly<Record<string, unknown>>;
  const missing = hearFunctions.filter((name) => typeof exported[name] !== 'function');
  return {
    name: "the module exports HEAR's three functions",
    kind: 'contract',
    why: 'users of the model without the harness import them by name',
    passed: missing.length === 0,
    ...(missing.length === 0
      ? {}
      : {
          expected: `exports ${hearFunctions.join(', ')}`,
          found: `no ${missing.join(', ')}`,
          fix: `export const { ${hearFunctions.join(', ')} } = plugin`,
        }),
  };
}

/** What the finding of a failed check says. */
type Problem = Required<Pick<Finding, 'expected' | 'found' | 'fix'>>;

/** What an error means for the author of a plugin. */
function whatWentWrong(error: unknown): Problem {
  if (isHearkenError(error)) return { expected: error.asked, found: error.found, fix: error.fix };
  return {
    expected: 'a result, or an error of @hearken/core',
    found: thrownText(error),
    fix: 'fix what the plugin throws there',
  };
}

/** Two errors are the same mistake if their texts are equal apart from numbers. */
function reasonsOf(error: unknown): string[] {
  const reasons: string[] = [];
  for (let current = error; current instanceof Error && reasons.length < 4; current = current.cause) {
    const words = isHearkenError(current)
      ? [current.code, current.asked, current.found, current.fix]
      : [current.name, current.message];
    reasons.push(words.join('\n').replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, '#'));
  }
  return reasons.length === 0 ? [String(error)] : reasons;
}

let collect: (() => void) | undefined;

/** The memory that this process uses, after garbage collection and the releases that it triggers. */
async function heldBytes(): Promise<HeldBytes> {
  collect ??= collector();
  collect();
  await turn();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { values: heapUsed + external, process: rss };
}

/** The garbage collector, which Node.js only exposes with a flag. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
