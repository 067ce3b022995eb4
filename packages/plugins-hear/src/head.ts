import {
  type Checkpoint,
  configLabels,
  deferredSession,
  type ModelConfig,
  type ModelProvenance,
  selectBeside,
  type SelectedWeights,
  type Session,
  sessionHead,
  type SessionHeadParts,
} from '@hearken/onnx';
import type { EmbedderGraph } from '@hearken/core';
import { HearEmbedder } from './embedder.js';
import type { HearOptions } from './options.js';
import type { Sizes } from './sizes.js';

/** The tensors of a head on the scene embedding, as `hearFinetuned` writes them. */
export const headNames: readonly string[] = ['head.weight', 'head.bias'];

/** A linear head on the scene embedding. */
export interface HeadWeights {
  readonly checkpoint: Checkpoint;
  /** Number of labels. */
  readonly size: number;
}

/** The head next to an encoder: `head.weight` `[labels, scene embedding size]` and `head.bias`. */
export function findHead(file: Checkpoint, encoder: SelectedWeights, sizes: Sizes): HeadWeights | undefined {
  const checkpoint = selectBeside(file, encoder, headNames);
  const shape = checkpoint?.tensors.get('head.weight')?.shape;
  if (checkpoint === undefined || shape?.length !== 2 || shape[1] !== sizes.sceneEmbeddingSize) return undefined;
  return { checkpoint, size: shape[0] };
}

/** What the head shares with the embedder of the same checkpoint. */
export interface HeadModel {
  readonly config: ModelConfig | undefined;
  readonly sizes: Sizes;
  readonly session: Session;
  readonly graph: EmbedderGraph;
  readonly options: HearOptions;
  readonly provenance: ModelProvenance;
  /** Creates a session of the graph whose embedding is the logits. */
  readonly createSession: (head: HeadWeights) => Promise<Session>;
}

/** The head of a fine-tuned checkpoint, for scenes; published ones have none. It is multiclass unless the config says otherwise. */
export function hearHead(found: HeadWeights | undefined, model: HeadModel): SessionHeadParts {
  if (found === undefined) return { noHead: "no 'head.weight' beside the encoder, as in all published checkpoints" };
  const session = deferredSession(model.session, () => model.createSession(found));
  const sizes = { ...model.sizes, sceneEmbeddingSize: found.size };
  const logits = new HearEmbedder(session, model.graph, sizes, model.options, model.provenance);
  const description = { kind: 'multiclass' as const, ...configLabels(model.config, found.size) };
  return { head: sessionHead(description, logits, { timestamps: false }) };
}
