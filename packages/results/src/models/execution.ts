import type { Execution, Provenance } from '@hearken/core';

/** No real backend text is longer; searching a longer, crafted one for threads could take quadratic time. */
const longestText = 1000;

/**
 * The runtime and threads that computed a model's embeddings. Plugins made for version 0.1 and results of layout version 1
 * only have the text `backend`: the runtime is that text without the threads, which do not affect embeddings. This is the
 * only place where that text is parsed. Undefined if an untrusted result has no text there.
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
