import type { EmbedderGraph } from '@hearken/core';
import type { ExternalData } from './session.js';

/**
 * The graph that `hearken export` writes for an embedder whose weights are in files.
 *
 * @param external where they are
 * @param signalShape shape of one signal, `[samples]` or `[channels, samples]`
 * @param model the serialised graph, or a function that builds it whenever it is requested
 */
export function graphOf(
  external: ExternalData,
  signalShape: readonly number[],
  model: Uint8Array | (() => Uint8Array),
): EmbedderGraph {
  return {
    signalShape,
    externalFolder: external.folder,
    ...(external.files === undefined ? {} : { externalFiles: external.files }),
    check: external.guard?.loaded,
    get model() {
      return typeof model === 'function' ? model() : model;
    },
  };
}
