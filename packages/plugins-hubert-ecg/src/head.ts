import { configLabels, deferredSession, type ModelConfig, type ModelProvenance, type Session } from '@hearken/onnx';
import { sessionHead, type SessionHeadParts } from '@hearken/onnx';
import type { HeadCrops } from '@hearken/core';
import { HubertEcgEmbedder } from './embedder.js';
import type { HeadWeights } from './head-weights.js';
import type { HubertEcgOptions } from './options.js';
import { windowSeconds } from './preprocessing/preprocess.js';

/** What the head shares with the embedder of the same checkpoint. */
export interface HeadModel {
  readonly config: ModelConfig | undefined;
  readonly session: Session;
  readonly options: HubertEcgOptions;
  readonly provenance: ModelProvenance;
  /** Creates a session of the graph whose embedding is the logits. */
  readonly createSession: (head: HeadWeights) => Promise<Session>;
}

/**
 * The checkpoint's classifier, of records and of their windows. The authors' fine-tuned models are multilabel, and their
 * files name no labels; a config may say otherwise.
 *
 * @param found the classifier's weights, or what the checkpoint has instead
 */
export function hubertEcgHead(found: HeadWeights | string, model: HeadModel): SessionHeadParts {
  if (typeof found === 'string') return { noHead: found };
  const { config, options, provenance } = model;
  if (config?.values.use_weighted_layer_sum === true) return { noHead: 'a classifier of a weighted sum of all layers' };
  const session = deferredSession(model.session, () => model.createSession(found));
  const logits = new HubertEcgEmbedder(session, undefined, found.size, options, provenance);
  const description = { kind: 'multilabel' as const, ...configLabels(config, found.size) };
  const crops: HeadCrops = {
    samples: Math.round(windowSeconds * options.inputRate),
    classify: (signal, starts, embedOptions) => logits.embedCrops(signal, starts, embedOptions),
  };
  return { head: sessionHead(description, logits, { timestamps: true, crops }) };
}
