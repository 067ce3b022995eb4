import type { Execution, Provenance } from '@hearken/core';

/** No backend's text is longer, and the search for threads would take quadratic time in one that is made for it. */
const longestText = 1000;

/**
 * What computed a model's embeddings, in parts. Plugins made for version 0.1 and results of layout version 1 have only the
 * text `backend`: its runtime is the text without the threads, which change no embedding. This is the only place where that
 * text is taken apart. Undefined if a stranger's result has no text there.
 */
export function executionOf({ execution, backend }: Pick<Provenance, 'backend' | 'execution'>): Execution | undefined {
  if (execution !== undefined) return execution;
  const text: unknown = backend;
  if (typeof text !== 'string') return undefined;
  if (text.length > longestText) return { runtime: text };
  const stated = /,?\s*(\d+) threads?\b/.exec(text);
  if (stated === null) return { runtime: text };
  const threads = Number(stated[1]);
  const runtime = text.slice(0, stated.index) + text.slice(stated.index + stated[0].length);
  return threads >= 1 && Number.isSafeInteger(threads) ? { runtime, threads } : { runtime };
}
