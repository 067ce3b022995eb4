import type { EmbedderGraph } from '@hearken/core';
import type { ExternalData } from './session.js';

/**
 * What `hearken export` writes of an embedder whose weights lie in files.
 *
 * @param external where they lie
 * @param signalShape of one signal, `[samples]` or `[channels, samples]`
 * @param model the serialised graph, or what builds it each time that it is asked for
 */
export function graphOf(
  external: ExternalData,
  signalShape: readonly number[],
  model: Uint8Array | (() => Uint8Array),
): EmbedderGraph {
  return {
    signalShape,
    externalFolder: external.folder,
    check: external.guard?.loaded,
    get model() {
      return typeof model === 'function' ? model() : model;
    },
  };
}
