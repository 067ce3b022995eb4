import type { ModelFiles, Runtime, Session, SessionHeadParts, SessionOptions } from '@hearken/onnx';
import {
  audioSetLabels,
  type Checkpoint,
  configLabels,
  deferredSession,
  type ModelProvenance,
  sessionHead,
} from '@hearken/onnx';
import type { EmbedderGraph } from '@hearken/core';
import { EfficientatEmbedder } from './embedder.js';
import { buildGraph, checkpointHead } from './model-graph.js';
import type { ChosenVariant } from './variant.js';

/** What the head shares with the embedder of the same checkpoint. */
export interface HeadModel {
  readonly runtime: Runtime;
  readonly files: ModelFiles;
  readonly network: Checkpoint;
  readonly chosen: ChosenVariant;
  readonly session: Session;
  readonly graph: EmbedderGraph;
  readonly provenance: ModelProvenance;
  readonly options: SessionOptions;
}

/**
 * The checkpoint's classifier. One of 527 labels has AudioSet's; a fine-tuned one has those that a `config.json` names,
 * and is multiclass unless that says otherwise.
 */
export function efficientatHead(model: HeadModel): SessionHeadParts {
  const { runtime, files, network, chosen, session, graph, provenance, options } = model;
  const found = checkpointHead(network);
  if (found === undefined) return { noHead: "no tensor 'classifier.5.weight' or 'classifier.0.weight'" };
  const isAudioSet = found.classes === audioSetLabels.length;
  const own = deferredSession(session, () =>
    runtime.createSession(buildGraph(network, chosen, ['logits']).model, options),
  );
  const description = {
    kind: isAudioSet ? ('multilabel' as const) : ('multiclass' as const),
    ...(isAudioSet ? { labels: audioSetLabels } : {}),
    ...configLabels(files.config, found.classes),
  };
  const logits = new EfficientatEmbedder(own, graph, found.classes, provenance);
  return { head: sessionHead(description, logits, { timestamps: true }) };
}
