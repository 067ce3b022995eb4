import type { TensorEntry } from '../checkpoint/checkpoint.js';
import { placeOf, type QuantizedEntry } from './matrix-source.js';

/** Weights from -127 to 127, as signed bytes or as unsigned bytes from 1 to 255. */
export type ByteType = 'int8' | 'uint8';

/** Changes whenever the same matrices would be quantised or laid out differently. */
const version = 1;
const typeNames = { int8: 'I8', uint8: 'U8', float32: 'F32' } as const;
type LaidOutType = keyof typeof typeNames;
/** Alignment in bytes of the data, and of floats in it. */
const alignment = { data: 64, floats: 4 };
const checksumLength = 64;

/** The required layout of a file of quantised matrices, except for the checksum of its contents. */
export interface QuantizedLayout {
  /** Size of the whole file in bytes. */
  readonly size: number;
  /** Where the data begins: all weights, then (after `padding` zeros) all scales. */
  readonly dataOffset: number;
  readonly padding: number;
  /** The first `dataOffset` bytes. @param checksum SHA-256 of the data, in hexadecimal */
  header(checksum: string): Uint8Array;
  /** The checksum in a header, if the rest of the header is as required. */
  checksumIn(header: Uint8Array): string | undefined;
  /** By the matrix's location (`placeOf`) in the checkpoint; without a file. */
  readonly entries: ReadonlyMap<string, QuantizedEntry>;
}

/**
 * Lays out a file for these matrices, as safetensors. The matrices and the checkpoint's hash determine the whole
 * header: a file with any other header is from another version or checkpoint, or damaged.
 */
export function quantizedLayout(
  matrices: readonly TensorEntry[],
  checkpointSha256: string,
  type: ByteType,
): QuantizedLayout {
  const sizes = matrices.map(({ shape }) => shape[0] * shape[1]);
  const weightBytes = sizes.reduce((sum, size) => sum + size, 0);
  const padding = (alignment.floats - (weightBytes % alignment.floats)) % alignment.floats;

  const places = { weight: 0, scales: weightBytes + padding };
  const relative = matrices.map((matrix, index) => {
    const [outputs, inputs] = matrix.shape;
    const weight = place(`${matrix.name}.${type}`, type, [inputs, outputs], places.weight, sizes[index]);
    const scales = place(`${matrix.name}.scales`, 'float32', [outputs], places.scales, 4 * outputs);
    places.weight += weight.byteLength;
    places.scales += scales.byteLength;
    return { weight, scales };
  });

  const header = headerOf(relative, place('padding', type, [padding], weightBytes, padding), {
    format: `hearken ${type} ${version}`,
    checkpoint: checkpointSha256,
  });
  const template = header('0'.repeat(checksumLength));
  const at = firstDifference(template, header('f'.repeat(checksumLength)));
  const shifted = (entry: TensorEntry) => ({ ...entry, offset: template.length + entry.offset });
  return {
    size: template.length + places.scales,
    dataOffset: template.length,
    padding,
    header,
    checksumIn(found) {
      const checksum = new TextDecoder('latin1').decode(found.subarray(at, at + checksumLength));
      if (!/^[0-9a-f]{64}$/.test(checksum)) return undefined;
      const expected = header(checksum);
      const same = found.length === expected.length && firstDifference(found, expected) === found.length;
      return same ? checksum : undefined;
    },
    entries: new Map(
      relative.map(({ weight, scales }, index) => [
        placeOf(matrices[index]),
        { weight: shifted(weight), scales: shifted(scales) },
      ]),
    ),
  };
}

/** The entries of a layout, located in the file with that name. */
export function locatedEntries({ entries }: QuantizedLayout, location: string): ReadonlyMap<string, QuantizedEntry> {
  const at = (entry: TensorEntry) => ({ ...entry, location });
  return new Map(
    [...entries].map(([place, { weight, scales }]) => [place, { weight: at(weight), scales: at(scales) }]),
  );
}

function place(
  name: string,
  dataType: LaidOutType,
  shape: readonly number[],
  offset: number,
  byteLength: number,
): TensorEntry {
  return { name, dataType, shape, offset, byteLength };
}

/** The header length and JSON of safetensors, padded with spaces. */
function headerOf(
  entries: readonly QuantizedEntry[],
  padding: TensorEntry,
  metadata: Readonly<Record<string, string>>,
): (checksum: string) => Uint8Array {
  const described = ({ name, dataType, shape, offset, byteLength }: TensorEntry) => {
    const dtype = typeNames[dataType as LaidOutType];
    return [name, { dtype, shape, data_offsets: [offset, offset + byteLength] }] as const;
  };
  const all = [
    ...entries.map(({ weight }) => weight),
    ...(padding.byteLength > 0 ? [padding] : []),
    ...entries.map(({ scales }) => scales),
  ];
  return (sha256) => {
    const object = { __metadata__: { ...metadata, sha256 }, ...Object.fromEntries(all.map(described)) };
    const json = new TextEncoder().encode(JSON.stringify(object));
    const bytes = new Uint8Array(Math.ceil((8 + json.length) / alignment.data) * alignment.data).fill(0x20);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - 8), true);
    bytes.set(json, 8);
    return bytes;
  };
}

/** The first index at which two arrays of equal length differ; their length if they don't. */
function firstDifference(left: Uint8Array, right: Uint8Array): number {
  const index = left.findIndex((byte, position) => byte !== right[position]);
  return index < 0 ? left.length : index;
}
