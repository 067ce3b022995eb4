import { readFileSync } from 'node:fs';
import { bufferSource, openCheckpoint, readFloat32 } from '@hearken/onnx';
import { floats, piece, torchFile } from '../../packages/onnx/tests/checkpoint/made-pickles.js';

/** A tensor to be written: row-major values, which are rounded to the nearest of the type that they are written in. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Integers, such as the counter of a batch norm, keep their type, whatever type the weights get. */
  readonly isInteger?: boolean;
}

/** A state dict: tensors by name. */
export type StateDict = ReadonlyMap<string, PlainTensor>;

/** The types of weights after training. */
export const floatTypes = ['float32', 'float16', 'bfloat16', 'float64'] as const;
export type FloatType = (typeof floatTypes)[number];

/**
 * What a checkpoint contains in addition to state dicts: text, numbers, lists, dicts, or a piece of a pickle as it is.
 */
export type CheckpointValue =
  | StateDict
  | string
  | number
  | null
  | readonly CheckpointValue[]
  | { readonly pickle: string }
  | { readonly members: Readonly<Record<string, CheckpointValue>> };

/** The tensors of a checkpoint file of either format, as float32. */
export async function readStateDict(path: string): Promise<Map<string, PlainTensor>> {
  const source = bufferSource(readFileSync(path), path);
  const { tensors } = await openCheckpoint(source);
  const found = new Map<string, PlainTensor>();
  for (const [name, entry] of tensors) {
    if (entry.dataType === 'int64') {
      const bytes = await source.read(entry.offset, entry.byteLength);
      const numbers = new BigInt64Array(Uint8Array.from(bytes).buffer);
      found.set(name, { shape: entry.shape, values: Float32Array.from(numbers, Number), isInteger: true });
    } else found.set(name, { shape: entry.shape, values: await readFloat32(source, entry) });
  }
  return found;
}

/** A checkpoint as `torch.save` writes it: a zip archive of a pickle (protocol 2) and a file for each tensor. */
export function torchCheckpoint(value: CheckpointValue, type: FloatType = 'float32'): Uint8Array {
  const storages: Record<string, Uint8Array> = {};
  /** Tensors that occur several times are written once, as PyTorch does. */
  const keys = new Map<PlainTensor, string>();
  const tensor = (one: PlainTensor): string => {
    const key = keys.get(one) ?? String(keys.size);
    keys.set(one, key);
    storages[key] = one.isInteger === true ? integers(one.values) : encoders[type](one.values);
    const storage = piece.storage(one.isInteger === true ? 'LongStorage' : storageNames[type], key, one.values.length);
    return piece.tensor(storage, 0, [...one.shape], stridesOf(one.shape));
  };
  const write = (one: CheckpointValue): string => {
    if (one === null) return 'N';
    if (typeof one === 'string') return piece.text(one);
    if (typeof one === 'number') return piece.integer(one);
    if (one instanceof Map) {
      return dict([...(one as StateDict)].map(([name, each]) => [name, tensor(each)]));
    }
    if (Array.isArray(one)) return piece.list(...(one as readonly CheckpointValue[]).map(write));
    if ('pickle' in one) return one.pickle;
    const { members } = one as { readonly members: Readonly<Record<string, CheckpointValue>> };
    return dict(Object.entries(members).map(([name, each]) => [name, write(each)]));
  };
  const pickle = write(value);
  return torchFile(pickle, storages);
}

/** The same tensors with `prefix` in front of their names. */
export function under(prefix: string, tensors: StateDict): StateDict {
  return new Map([...tensors].map(([name, tensor]) => [prefix + name, tensor]));
}

/** The same tensors, their values changed. */
export function scaled(tensors: StateDict, factor: number): StateDict {
  return new Map(
    [...tensors].map(([name, tensor]) => [
      name,
      tensor.isInteger === true ? tensor : { ...tensor, values: tensor.values.map((value) => value * factor) },
    ]),
  );
}

/** The same tensors with the values that they have once they were written in this type. */
export function roundedTo(type: FloatType, tensors: StateDict): StateDict {
  const rounded = (values: Float32Array) => {
    if (type === 'float16') return values.map((value) => fromHalf(halfBits(value)));
    if (type === 'bfloat16') return values.map((value) => fromBits(brainBits(value) << 16));
    return values;
  };
  return new Map(
    [...tensors].map(([name, tensor]) => [
      name,
      tensor.isInteger === true ? tensor : { ...tensor, values: rounded(tensor.values) },
    ]),
  );
}

/** State dicts as saved by training scripts: their names, and the checkpoint. */
export function wrappedCheckpoints(tensors: StateDict): [string, CheckpointValue][] {
  const optimizer: CheckpointValue = {
    members: {
      state: { members: { step: 7, exp_avg: new Map([['0', { shape: [2], values: Float32Array.of(1, 2) }]]) } },
      param_groups: [{ members: { lr: 1 } }],
    },
  };
  return [
    ['DistributedDataParallel', under('module.', tensors)],
    ['torch.compile', under('_orig_mod.', tensors)],
    ['torch.compile in DistributedDataParallel', under('module._orig_mod.', tensors)],
    ['DistributedDataParallel twice', under('module.module.', tensors)],
    ['Lightning', { members: { epoch: 3, state_dict: under('net.', tensors), optimizer_states: [optimizer] } }],
    ['Lightning, compiled', { members: { state_dict: under('model._orig_mod.', tensors) } }],
    ['model_state_dict', { members: { model_state_dict: tensors, optimizer_state_dict: optimizer, epoch: 3 } }],
    ['model', { members: { model: tensors, epoch: 3 } }],
    ['state_dict, with DistributedDataParallel', { members: { state_dict: under('module.', tensors) } }],
    ['an average alone', { members: { ema_state_dict: under('module.', tensors), step: 100 } }],
    ['the same weights twice', { members: { model: tensors, best: tensors } }],
  ];
}

/** State dicts next to others: their names, the checkpoint, and what chooses the first of the two. */
export function severalSets(one: StateDict, other: StateDict): [string, CheckpointValue, string][] {
  return [
    ['an average beside the trained weights', { members: { model: other, ema: one } }, 'ema'],
    ['trained weights beside their average', { members: { model: one, model_ema: under('module.', other) } }, 'raw'],
    ['a student and its teacher', { members: { student: under('module.', one), teacher: other } }, 'student'],
    ['an average among the names of the model', new Map([...other, ...under('ema.', one)]), 'ema'],
    [
      'an average without dots in its names, as LitEma has it',
      {
        members: {
          state_dict: new Map([
            ...under('net.', other),
            ...[...one].map(([name, tensor]) => [`net_ema.${name.replaceAll('.', '')}`, tensor] as const),
          ]),
        },
      },
      'ema',
    ],
  ];
}

function dict(members: readonly (readonly [string, string])[]): string {
  return `}(${members.map(([name, value]) => piece.text(name) + value).join('')}u`;
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}

const storageNames: Readonly<Record<FloatType, string>> = {
  float32: 'FloatStorage',
  float16: 'HalfStorage',
  bfloat16: 'BFloat16Storage',
  float64: 'DoubleStorage',
};

const encoders: Readonly<Record<FloatType, (values: Float32Array) => Uint8Array>> = {
  float32: (values) => floats(...values),
  float16: (values) => new Uint8Array(Uint16Array.from(values, halfBits).buffer),
  bfloat16: (values) => new Uint8Array(Uint16Array.from(values, brainBits).buffer),
  float64: (values) => new Uint8Array(Float64Array.from(values).buffer),
};

function integers(values: Float32Array): Uint8Array {
  return new Uint8Array(BigInt64Array.from([...values].map(BigInt)).buffer);
}

function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

function fromBits(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0];
}

/** bfloat16: the upper half of a float32, rounded to the nearest, ties to even. */
function brainBits(value: number): number {
  const bits = bitsOf(value);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** IEEE 754 binary16, rounded to the nearest, ties to even. */
function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const unit = 2 ** (exponent - 10);
  const steps = nearestEven(size / unit);
  if (steps >= 2048 && exponent === 15) return sign | 0x7c00;
  // Rounding up to the next power of two carries into the exponent automatically.
  return sign | (exponent === -14 ? steps : ((exponent + 15) << 10) + (steps - 1024));
}

function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

function nearestEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
