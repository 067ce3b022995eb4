import {
  adviceChecks,
  conformanceChecks,
  type Embedder,
  isHearkenError,
  type Plugin,
  runConformance,
} from '@hearken/core';
import type { PackageFolder } from '../run/package-folders.node.js';
import type { Finding } from './finding.js';
import { packageFindings } from './package-findings.node.js';

/** What to look at. */
export interface PluginToValidate {
  readonly plugin: Plugin;
  /** Loads the model; called several times. */
  readonly load: () => Promise<Embedder>;
  /** What importing the plugin gave, where it is a module. */
  readonly module?: unknown;
  /** The package that the plugin comes from, where there is one. */
  readonly found?: PackageFolder;
  /** Scene embedding size to expect where options change it. */
  readonly sceneEmbeddingSize?: number;
}

/**
 * Checks a plugin against the embedder contract, against what else HEAR's validator asks for, and its package for what
 * makes it easy to use; one finding after the other.
 */
export async function* validatePlugin(subject: PluginToValidate): AsyncGenerator<Finding, void> {
  const { found, module, ...options } = subject;
  const contractNames = new Set(conformanceChecks.map(({ name }) => name));
  const checks = [...conformanceChecks, ...adviceChecks];
  for await (const { name, why, passed, error } of runConformance({ ...options, checks, heldBytes })) {
    const kind = contractNames.has(name) ? 'contract' : 'advice';
    yield { name, kind, why, passed, ...(passed ? {} : whatWentWrong(error)) };
  }
  if (module !== undefined) yield moduleFinding(module);
  if (found !== undefined) yield* await packageFindings(subject.plugin, found);
}

const hearFunctions = ['loadModel', 'getSceneEmbeddings', 'getTimestampEmbeddings'] as const;

/** HEAR's API is a module of functions; the harness completes them, other callers cannot. */
function moduleFinding(module: unknown): Finding {
  const exported = module as Readonly<Record<string, unknown>>;
  const missing = hearFunctions.filter((name) => typeof exported[name] !== 'function');
  return {
    name: "the module exports HEAR's three functions",
    kind: 'advice',
    why: 'who uses the model without the harness imports them by name',
    passed: missing.length === 0,
    ...(missing.length === 0
      ? {}
      : {
          found: `no ${missing.join(', ')}`,
          fix: `export const { ${hearFunctions.join(', ')} } = plugin`,
        }),
  };
}

function heldBytes(): number {
  const { rss } = process.memoryUsage();
  return rss;
}

function whatWentWrong(error: unknown): Pick<Finding, 'found' | 'fix'> {
  if (isHearkenError(error)) return { found: `${error.asked}: ${error.found}`, fix: error.fix };
  const found = error instanceof Error ? error.message : String(error);
  return { found, fix: 'mend what the plugin throws; --debug shows where' };
}
