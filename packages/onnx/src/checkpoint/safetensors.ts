import { CheckpointError } from '@hearken/core';
import type { ByteSource } from './byte-source.js';
import type { Checkpoint, TensorEntry } from './checkpoint.js';
import { countElements, type CheckpointDataType } from './data-types.js';
import { surveyJson } from './json-survey.js';

/** The header's length limit, from the format's description. */
export const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
/** In the header, tensors are nested one deep, and their shapes and offsets one deeper. */
const MAX_DEPTH = 3;
const MAX_MEMBERS = 2_000_000;
const MAX_VALUES = 8_000_000;

/** The format's element types: our name, or none if the type can't be used in place, and bits per element. */
const elementTypes: ReadonlyMap<string, readonly [dataType: CheckpointDataType | undefined, bits: number]> = new Map([
  ['F64', ['float64', 64]],
  ['F32', ['float32', 32]],
  ['F16', ['float16', 16]],
  ['BF16', ['bfloat16', 16]],
  ['I64', ['int64', 64]],
  ['I32', ['int32', 32]],
  ['I16', ['int16', 16]],
  ['I8', ['int8', 8]],
  ['U8', ['uint8', 8]],
  ['BOOL', ['bool', 8]],
  ['U64', [undefined, 64]],
  ['U32', [undefined, 32]],
  ['U16', [undefined, 16]],
  ['C64', [undefined, 64]],
  ['F8_E5M2', [undefined, 8]],
  ['F8_E4M3', [undefined, 8]],
  ['F8_E8M0', [undefined, 8]],
  ['F6_E2M3', [undefined, 6]],
  ['F6_E3M2', [undefined, 6]],
  ['F4', [undefined, 4]],
]);

interface HeaderEntry {
  readonly name: string;
  readonly type: string;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the header of a safetensors file: a length (8 bytes, little-endian), that many bytes of JSON, then the data.
 * As the format asks, the tensors must cover the data without a gap or an overlap.
 *
 * Source: the format section of the safetensors README, and the checks of its own reader.
 *
 * @throws CheckpointError if the file is truncated, the header is not valid JSON or has a duplicate key, or a tensor's
 * bytes don't match its shape, are outside the file or overlap another tensor.
 */
export async function readSafetensors(source: ByteSource): Promise<Checkpoint> {
  const { header, dataStart } = await readHeader(source);
  const entries: HeaderEntry[] = [];
  const metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') readMetadata(source, value, metadata);
    else entries.push(readEntry(source, name, value));
  }
  if (entries.length === 0) throw refused(source, 'the header lists no tensors', 'this is not a checkpoint');
  checkCoverage(source, entries, source.size - dataStart);

  const tensors = new Map<string, TensorEntry>();
  const unusable = new Map<string, string>();
  for (const { name, type, shape, begin, end } of entries) {
    const [dataType] = elementTypes.get(type) ?? [];
    if (dataType === undefined) unusable.set(name, `has type ${type}, which cannot be used here`);
    else tensors.set(name, { name, dataType, shape, offset: dataStart + begin, byteLength: end - begin });
  }
  return { format: 'safetensors', name: source.name, tensors, unusable, metadata };
}

async function readHeader(source: ByteSource): Promise<{ header: object; dataStart: number }> {
  if (source.size < LENGTH_BYTES) throw refused(source, `the file has only ${source.size} bytes`);
  const start = await source.read(0, LENGTH_BYTES);
  const length = Number(new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) {
    throw refused(
      source,
      `the header claims ${length} bytes, more than the format's 100 MB`,
      'this is not a safetensors file',
    );
  }
  if (length > source.size - LENGTH_BYTES) {
    throw refused(source, `the header has ${length} bytes, but the file has only ${source.size}`);
  }
  const bytes = await source.read(LENGTH_BYTES, length);
  const survey = surveyJson(bytes);
  if (survey.depth > MAX_DEPTH || survey.members > MAX_MEMBERS || survey.values > MAX_VALUES) {
    throw refused(source, 'the header is nested too deeply or has too many entries', 'this is not a safetensors file');
  }
  const header = parseHeader(source, bytes);
  if (countMembers(header) !== survey.members) throw refused(source, 'the header has a duplicate key');
  return { header, dataStart: LENGTH_BYTES + length };
}

function parseHeader(source: ByteSource, bytes: Uint8Array): object {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw refused(source, 'the header is not JSON', undefined, cause);
  }
  if (!isObject(header)) throw refused(source, 'the header is not a JSON object');
  return header;
}

/** The members of all objects in a value; JSON.parse keeps only the last of those with the same key. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const children: unknown[] = Object.values(value);
  let count = Array.isArray(value) ? 0 : children.length;
  for (const child of children) count += countMembers(child);
  return count;
}

function readMetadata(source: ByteSource, value: unknown, metadata: Map<string, string>): void {
  if (!isObject(value)) throw refused(source, "the header's '__metadata__' is not an object");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw refused(source, `the header's '__metadata__' has '${key}' that is not text`);
    metadata.set(key, text);
  }
}

function readEntry(source: ByteSource, name: string, value: unknown): HeaderEntry {
  if (!isObject(value)) throw refused(source, `tensor '${name}' is not described by an object`);
  const { dtype, shape, data_offsets: offsets }: Record<string, unknown> = { ...value };
  if (typeof dtype !== 'string') throw refused(source, `tensor '${name}' has no dtype`);
  const count = Array.isArray(shape) ? countElements(shape) : undefined;
  if (count === undefined) throw refused(source, `tensor '${name}' has an impossible shape`);
  const [begin, end, ...rest] = Array.isArray(offsets) ? (offsets as unknown[]) : [];
  if (!isCount(begin) || !isCount(end) || rest.length > 0 || begin > end) {
    throw refused(source, `tensor '${name}' has impossible data_offsets`);
  }
  const bits = elementTypes.get(dtype)?.[1];
  if (bits !== undefined && (count * bits) / 8 !== end - begin) {
    throw refused(
      source,
      `tensor '${name}' has ${end - begin} bytes, but shape [${(shape as number[]).join(',')}] and type ${dtype} ` +
        `make ${(count * bits) / 8}`,
    );
  }
  return { name, type: dtype, shape: shape as number[], begin, end };
}

function checkCoverage(source: ByteSource, entries: readonly HeaderEntry[], dataBytes: number): void {
  let covered = 0;
  let previous = '';
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered) throw refused(source, `tensors '${previous}' and '${name}' overlap`);
    if (begin > covered) throw refused(source, `bytes ${covered} to ${begin} of the data belong to no tensor`);
    covered = end;
    previous = name;
  }
  if (covered !== dataBytes) {
    throw refused(source, `the header lists ${covered} bytes of tensors, but the file has ${dataBytes}`);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(source: ByteSource, found: string, fix?: string, cause?: unknown): CheckpointError {
  return new CheckpointError({
    asked: source.name,
    found,
    fix: fix ?? 'the file is truncated or damaged, or not a safetensors file: download it again',
    cause,
  });
}
