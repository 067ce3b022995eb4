import { CheckpointError, didYouMean } from '@hearken/core';
import type { ByteSource } from './byte-source.js';
import type { Checkpoint, TensorEntry } from './checkpoint.js';
import type { CheckpointDataType } from './data-types.js';

/** What a model requires of a tensor. */
export interface TensorNeed {
  /** The shape; null for a dimension that may have any size. */
  readonly shape?: readonly (number | null)[];
  /** The accepted element types. Default: any. */
  readonly dataTypes?: readonly CheckpointDataType[];
  /** What needs it, for the error: `this model (width 0.4)`. */
  readonly need?: string;
  /** What to do if the tensor doesn't fit, for the error. */
  readonly fix?: string;
}

/**
 * The tensor with this name, if it is what the model needs.
 *
 * @throws CheckpointError naming the file, the tensor, what was found and what is needed.
 */
export function requireTensor(checkpoint: Checkpoint, name: string, needed: TensorNeed = {}): TensorEntry {
  const {
    shape,
    dataTypes,
    need = 'this model',
    fix = 'pass the checkpoint and options that belong to this model',
  } = needed;
  const refused = (found: string, hint = ''): CheckpointError =>
    new CheckpointError({ asked: checkpoint.name, found, fix: hint + fix });
  const needs = shape === undefined ? '' : ` of shape ${shown(shape)}`;

  const entry = checkpoint.tensors.get(name);
  if (entry === undefined) {
    const reason = checkpoint.unusable.get(name);
    if (reason !== undefined) throw refused(`tensor '${name}' ${reason}`);
    const packed = quantisedName(checkpoint, name);
    if (packed !== undefined) throw quantised(checkpoint, `'${packed}' instead of '${name}'`);
    const count = checkpoint.tensors.size;
    throw refused(
      `there is no tensor '${name}' among its ${count}, ${need} needs one${needs}`,
      didYouMean(name, comparableNames(checkpoint)) || nearestText(checkpoint, name, shape),
    );
  }
  if (shape !== undefined && !fits(entry.shape, shape)) {
    throw refused(`tensor '${name}' has shape ${shown(entry.shape)}, ${need} needs ${shown(shape)}`);
  }
  if (dataTypes?.includes('float32') === true && /^u?int(8|16|32)$/.test(entry.dataType)) {
    throw quantised(checkpoint, `tensor '${name}' of type ${entry.dataType}`);
  }
  if (dataTypes !== undefined && !dataTypes.includes(entry.dataType)) {
    throw refused(`tensor '${name}' has type ${entry.dataType}, ${need} needs ${dataTypes.join(' or ')}`);
  }
  return entry;
}

/** What PyTorch, GPTQ and AWQ call the tensors that they store instead of a quantised weight. */
function quantisedName(checkpoint: Checkpoint, name: string): string | undefined {
  const prefix = name.slice(0, name.lastIndexOf('.') + 1);
  const names = ['_packed_params', '_packed_params._packed_params', 'qweight', 'weight_packed'].map(
    (end) => prefix + end,
  );
  return names.find((one) => checkpoint.tensors.has(one) || checkpoint.unusable.has(one));
}

function quantised(checkpoint: Checkpoint, found: string): CheckpointError {
  return new CheckpointError({
    asked: checkpoint.name,
    found: `weights that are quantised to integers: ${found}`,
    fix: "pass the checkpoint in floating point (float32, float16, bfloat16 or float64); options.precision 'int8' quantises one here",
  });
}

/** The names to compare a missing one with: few and short enough that no file can make it slow. */
function comparableNames(checkpoint: Checkpoint): string[] {
  return [...checkpoint.tensors.keys()].filter((name) => name.length < 200).slice(0, 5000);
}

/** How many similar tensors the error names. */
const MOST_NEIGHBOURS = 3;

/**
 * Tensors that may be the missing one although no name is spelt similarly: `fc.bias` for `head.bias`. They share its
 * last part and have the required shape; those that share more parts of the name come first.
 */
function nearestText(checkpoint: Checkpoint, name: string, shape: TensorNeed['shape']): string {
  const parts = name.split('.');
  const found = comparableNames(checkpoint)
    .map((candidate) => ({ candidate, others: candidate.split('.') }))
    .filter(({ candidate, others }) => {
      const entry = checkpoint.tensors.get(candidate);
      return others.at(-1) === parts.at(-1) && entry !== undefined && (shape === undefined || fits(entry.shape, shape));
    })
    .map(({ candidate, others }) => ({ candidate, shared: others.filter((part) => parts.includes(part)).length }))
    .sort((left, right) => right.shared - left.shared)
    .slice(0, MOST_NEIGHBOURS)
    .map(({ candidate }) => `'${candidate}'`);
  if (found.length === 0) return '';
  const kind = shape === undefined ? 'has a similar name' : 'has that shape and a similar name';
  return `${found.join(', ')} ${found.length === 1 ? kind : kind.replaceAll('has', 'have')}: if this is your own plugin, fix the name there; otherwise `;
}

/** The most bytes that are read into memory at once; larger weights are used in place. */
const MAX_BYTES = 1024 * 1024 * 1024;

/**
 * Reads a tensor's values as float32, row-major: for small tensors that need arithmetic before they are used.
 * float16 and bfloat16 widen exactly, float64 is rounded.
 *
 * @throws CheckpointError if the tensor has integers, or is over 1 GB.
 */
export async function readFloat32(source: ByteSource, entry: TensorEntry): Promise<Float32Array> {
  const convert = converters.get(entry.dataType);
  if (convert === undefined || entry.byteLength > MAX_BYTES) {
    throw new CheckpointError({
      asked: source.name,
      found:
        convert === undefined
          ? `tensor '${entry.name}' has type ${entry.dataType}, floating point is needed`
          : `tensor '${entry.name}' has ${entry.byteLength} bytes, too many to read into memory`,
      fix: "pass the model's published checkpoint",
    });
  }
  const bytes = await source.read(entry.offset, entry.byteLength);
  return convert(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
}

const converters: ReadonlyMap<CheckpointDataType, (view: DataView) => Float32Array> = new Map([
  ['float32', (view: DataView) => fill(view, 4, (at) => view.getFloat32(at, true))],
  ['float64', (view: DataView) => fill(view, 8, (at) => view.getFloat64(at, true))],
  ['float16', (view: DataView) => fill(view, 2, (at) => float16Value(view.getUint16(at, true)))],
  ['bfloat16', bfloat16Values],
]);

function fill(view: DataView, itemSize: number, valueAt: (offset: number) => number): Float32Array {
  const values = new Float32Array(view.byteLength / itemSize);
  for (let index = 0; index < values.length; index += 1) values[index] = valueAt(index * itemSize);
  return values;
}

/** bfloat16 is the upper half of a float32. */
function bfloat16Values(view: DataView): Float32Array {
  const bits = new Uint32Array(view.byteLength / 2);
  for (let index = 0; index < bits.length; index += 1) bits[index] = view.getUint16(index * 2, true) << 16;
  return new Float32Array(bits.buffer);
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function fits(found: readonly number[], needed: readonly (number | null)[]): boolean {
  return found.length === needed.length && needed.every((size, axis) => size === null || size === found[axis]);
}

function shown(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? 'any').join(',')}]`;
}
