import {
  type Checkpoint,
  type GraphBuilder,
  linear,
  selectBeside,
  type SelectedWeights,
  type Value,
  weight,
} from '@hearken/onnx';
import type { Sizes } from './sizes.js';

/** A linear classifier on the mean token, in Hugging Face's layout after a projection without activation. */
export interface HeadWeights {
  readonly checkpoint: Checkpoint;
  /** Number of labels. */
  readonly size: number;
  /** Width of what the classifier takes. */
  readonly inputs: number;
  /** Width of the embedding, if a `projector` maps it to `inputs`. */
  readonly projected?: number;
}

/** Parts of HuBERT-ECG that are not a head. */
export const encoderParts = ['feature_extractor', 'feature_projection', 'encoder', 'masked_spec_embed'];

/**
 * The classifier next to the encoder: `classifier.weight` as in the authors' fine-tuned `.pt`, or behind `projector` as
 * in transformers' `HubertForSequenceClassification`.
 *
 * @returns what the checkpoint has instead, if there is none
 */
export function findHead(file: Checkpoint, encoder: SelectedWeights, { width }: Sizes): HeadWeights | string {
  const checkpoint = selectBeside(file, encoder, ['classifier.weight', 'classifier.bias']);
  const shape = checkpoint?.tensors.get('classifier.weight')?.shape;
  if (checkpoint === undefined || shape?.length !== 2) {
    return `no 'classifier.weight' next to the encoder, ${otherParts(file, encoder)}`;
  }
  const [size, inputs] = shape;
  const projector = checkpoint.tensors.get('projector.weight')?.shape;
  if (projector !== undefined) return { checkpoint, size, inputs, projected: width };
  return inputs === width
    ? { checkpoint, size, inputs }
    : `a 'classifier.weight' for ${inputs} values, where the encoder gives ${width}`;
}

/** Adds a head to a graph: `[n, width]` to `[n, size]`. */
export function addHead(
  graph: GraphBuilder,
  pooled: Value,
  { checkpoint, size, inputs, projected }: HeadWeights,
): Value {
  const layer = (name: string, value: Value, from: number, to: number) => {
    const named = (part: string, shape: readonly number[]) =>
      weight(graph, checkpoint, `${name}.${part}`, shape, 'the classifier of this model');
    return linear(graph, value, named('weight', [to, from]), named('bias', [to]));
  };
  const taken = projected === undefined ? pooled : layer('projector', pooled, projected, inputs);
  return layer('classifier', taken, inputs, size);
}

/** What else is in the file, by the first parts of the names. */
function otherParts({ tensors }: Checkpoint, { prefix }: SelectedWeights): string {
  const outer = prefix.split('.').slice(0, -2).join('.');
  const inside = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const parts = [...tensors.keys()].map((name) => {
    const place = inside(name);
    const own = outer !== '' && place.startsWith(`${outer}.`) ? place.slice(outer.length + 1) : place;
    return own.split('.').slice(0, -1).join('.') || own;
  });
  const others = [...new Set(parts)].filter((part) => !encoderParts.includes(part.split('.')[0])).slice(0, 6);
  return others.length === 0 ? 'and nothing else' : `only ${others.map((part) => `'${part.slice(0, 60)}'`).join(', ')}`;
}
