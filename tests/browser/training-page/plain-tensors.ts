import type { Tensor } from '@hearken/onnx';

/** A tensor that can be passed to a page and back: its bytes in base64, which is far faster than lists of numbers. */
export interface PlainTensor {
  readonly type: 'float32' | 'int64' | 'uint8';
  readonly bytes: string;
  readonly shape: readonly number[];
}

export type PlainTensors = Readonly<Record<string, PlainTensor>>;

export function toPlain(tensors: Readonly<Record<string, Tensor>>): PlainTensors {
  return mapValues(tensors, ({ data, shape }) => {
    const type = data instanceof Float32Array ? 'float32' : data instanceof BigInt64Array ? 'int64' : 'uint8';
    return { type, bytes: toBase64(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)), shape };
  });
}

export function fromPlain(tensors: PlainTensors): Record<string, Tensor> {
  return mapValues(tensors, ({ type, bytes, shape }) => {
    const { buffer } = fromBase64(bytes);
    const data = { float32: Float32Array, int64: BigInt64Array, uint8: Uint8Array }[type];
    return { data: new data(buffer), shape };
  });
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  // In pieces: a call takes a limited number of arguments.
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function mapValues<From, To>(values: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
