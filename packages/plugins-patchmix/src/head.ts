import type { ClassificationHead } from '@hearken/core';
import {
  audioSetLabels,
  configLabels,
  deferredSession,
  labelNames,
  lookUp,
  type Session,
  sessionHead,
  type SessionHeadParts,
} from '@hearken/onnx';
import { type EmbedderParts, PatchmixEmbedder } from './embedder.js';
import type { AstCheckpoint } from './layout.js';
import type { OpenedModel } from './open-model.js';

/** ICBHI's classes in the order of Patch-Mix's training (`cls_list` of its `main.py`). */
const icbhiLabels = ['normal', 'crackle', 'wheeze', 'both'];

/**
 * The checkpoint's classifier. Its labels are those that the config or the training script's arguments name, else
 * AudioSet's for 527 and ICBHI's for a Patch-Mix of four. It answers for whole windows only.
 *
 * @param parts those of the embedder of the same checkpoint
 * @param createSession creates a session of the graph whose embedding is the logits
 */
export function patchmixHead(
  opened: OpenedModel,
  parts: Omit<EmbedderParts, 'head'>,
  createSession: () => Promise<Session>,
): SessionHeadParts {
  const { ast } = opened;
  const classes = ast.head?.checkpoint.tensors.get(`${ast.head.linear}.weight`)?.shape[0];
  if (classes === undefined) return { noHead: "no classifier ('mlp_head', 'classifier.1' or 'classifier.dense')" };
  const logits = new PatchmixEmbedder({
    ...parts,
    session: deferredSession(parts.session, createSession),
    sceneEmbeddingSize: classes,
  });
  return { head: sessionHead(describeLabels(opened, ast, classes), logits, { timestamps: false }) };
}

function describeLabels(
  { files, preparation }: OpenedModel,
  { file }: AstCheckpoint,
  classes: number,
): Pick<ClassificationHead, 'labels' | 'kind'> {
  const isAudioSet = classes === audioSetLabels.length;
  const isIcbhi = preparation.model === 'patchmix' && classes === icbhiLabels.length;
  const trained = labelNames(lookUp(file.metadata, 'args', 'cls_list'), classes);
  const labels = trained ?? (isAudioSet ? audioSetLabels : isIcbhi ? icbhiLabels : undefined);
  return {
    kind: isAudioSet ? 'multilabel' : 'multiclass',
    ...(labels === undefined ? {} : { labels }),
    ...configLabels(files.config, classes),
  };
}
