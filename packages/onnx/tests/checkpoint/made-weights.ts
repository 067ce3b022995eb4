/** A tensor to be written: its values as float32, rounded toward zero where the type has fewer bits. */
export interface MadeTensor {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly type?: 'F32' | 'F16' | 'BF16' | 'F64';
}

/** A safetensors file with these values. float16 takes only values that it has exactly as normal numbers, or zero. */
export function weightsFile(tensors: Readonly<Record<string, MadeTensor>>): Uint8Array {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, { shape, values, type = 'F32' }] of Object.entries(tensors)) {
    const bytes = encoders[type](Float32Array.from(values));
    header[name] = { dtype: type, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
    parts.push(bytes);
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

const encoders = {
  F32: (values: Float32Array) => new Uint8Array(values.buffer),
  F64: (values: Float32Array) => new Uint8Array(Float64Array.from(values).buffer),
  BF16: (values: Float32Array) =>
    new Uint8Array(Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16).buffer),
  F16: (values: Float32Array) => new Uint8Array(Uint16Array.from(new Uint32Array(values.buffer), halfBits).buffer),
};

/** The same sign, the exponent from bias 127 to bias 15, the first 10 bits of the fraction. */
function halfBits(bits: number): number {
  if (bits << 1 === 0) return bits >>> 16;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  if (exponent < 1 || exponent > 30) throw new Error('no normal float16');
  return ((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 0x3ff);
}
