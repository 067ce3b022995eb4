import type { ClassificationHead } from './classification-head.js';
import type { Embedder } from './embedder.js';
import { OptionError } from './errors.js';
import { headOf } from './get-embeddings.js';

/** Names for a head's labels, given by a user. */
export interface GivenLabels {
  /** The names in the order of the logits. */
  readonly labels: readonly string[];
  /** Where they are from, for errors: a file. */
  readonly source: string;
}

/** What is known of a head without its functions. */
export type HeadFacts = Pick<ClassificationHead, 'labels' | 'size' | 'kind'>;

/** A head whose labels have names. */
export interface NamedHead {
  /** Number of labels. */
  readonly size: number;
  /** What the logits mean. */
  readonly kind: ClassificationHead['kind'];
  /** Names in the order of the logits. */
  readonly labels: readonly string[];
}

/**
 * The head of a model with names for its labels: the given ones, else those of the checkpoint.
 *
 * @throws OptionError if the model has no head, if the given names are not as many as its labels, or if there are no
 *   names
 */
export function namedHead(
  embedder: Pick<Embedder, 'provenance' | 'noHead'> & {
    /** The head, or what is known of it. */
    readonly head?: HeadFacts;
  },
  given?: GivenLabels,
): NamedHead {
  const head = headOf(embedder);
  const { plugin, model } = embedder.provenance;
  if (given !== undefined && given.labels.length !== head.size) {
    throw new OptionError({
      asked: `the names in '${given.source}' for the labels of ${plugin}:${model}`,
      found: `${given.labels.length} name${given.labels.length === 1 ? '' : 's'} for ${head.size} labels`,
      fix: `list ${head.size} names in the order of the classifier's outputs`,
    });
  }
  const labels = given?.labels ?? head.labels;
  if (labels !== undefined) return { size: head.size, kind: head.kind, labels };
  throw new OptionError({
    asked: `the labels of ${plugin}:${model}`,
    found: `a classifier of ${head.size} labels without names`,
    fix: `pass a file with ${head.size} names, one per line, in the order of the classifier's outputs: --labels names.txt`,
  });
}
