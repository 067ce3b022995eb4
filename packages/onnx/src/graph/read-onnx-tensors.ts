import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { StringStringEntryProtoSchema } from './generated/onnx_pb.js';
import { isStandardDomain } from './standard-operators.js';

/** The stated location of a tensor outside the ONNX file. Untrusted until checked. */
export interface OnnxExternalRange {
  /** The tensor's name. */
  readonly tensor: string;
  /** The stated file, relative to the model's folder. */
  readonly location: string;
  /** Byte offset of its first element in that file. */
  readonly offset: number;
  /** Absent: to the end of the file. */
  readonly length?: number;
}

export interface OnnxTensors {
  /** Names of the main graph's initializers. */
  readonly initializers: ReadonlySet<string>;
  readonly externalRanges: readonly OnnxExternalRange[];
  /** Domains of operators that nodes use and the file does not define. */
  readonly operatorDomains: readonly string[];
  /** Operators that nodes use and that neither the ONNX standard nor the file defines. */
  readonly foreignOperators: readonly OnnxOperator[];
}

/** An operator of a model. */
export interface OnnxOperator {
  /** Its domain, such as `com.microsoft`. */
  readonly domain: string;
  /** Its name in that domain. */
  readonly name: string;
  /** Number of nodes that use it. */
  readonly nodes: number;
}

type Handler = (value: Uint8Array | bigint) => unknown;

/** Depth of nested subgraphs; nested loops of published models reach three or four. */
const deepest = 16;
const mostTensors = 1_000_000;
const entryBytes = 1 << 14;
/** TensorProto.DataLocation */
const external = 1n;

/** Calls the handlers of fields in the file's order, with bytes (not copied) or a number. */
export function eachField(bytes: Uint8Array, handlers: Readonly<Record<number, Handler>>): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const handler = Object.hasOwn(handlers, field) ? handlers[field] : undefined;
    if (handler !== undefined && wireType === WireType.LengthDelimited) handler(reader.bytes());
    else if (handler !== undefined && wireType === WireType.Varint) handler(BigInt(reader.int64()));
    else reader.skip(wireType, field);
  }
}

/**
 * Goes through all of a model's nodes and tensors, including those of subgraphs, attributes and functions.
 *
 * @param refuse makes the error for a model that exceeds the limits
 */
export function readOnnxTensors(model: Uint8Array, refuse: (found: string) => Error): OnnxTensors {
  const initializers = new Set<string>();
  const ranges: OnnxExternalRange[] = [];
  const used = new Set<string>();
  const defined = new Set<string>(['', 'ai.onnx']);
  const foreign = new Map<string, OnnxOperator>();
  const functions = new Set<string>();
  let tensors = 0;

  const tensor = (field: Uint8Array | bigint, depth: number, isInitializer = false) => {
    tensors += 1;
    if (tensors > mostTensors) throw refuse(`over ${mostTensors} tensors`);
    let name = '';
    let isExternal = false;
    const entries = new Map<string, string>();
    eachField(asBytes(field), {
      8: (value) => (name = textOf(value)),
      13(value) {
        const bytes = asBytes(value);
        if (bytes.length > entryBytes || entries.size > 16) throw refuse(`external data of over ${entryBytes} bytes`);
        const entry = fromBinary(StringStringEntryProtoSchema, bytes);
        entries.set(entry.key, entry.value);
      },
      14: (value) => (isExternal = value === external),
    });
    if (isInitializer && depth === 0) initializers.add(name);
    if (isExternal) ranges.push(rangeOf(name, entries));
  };
  const sparse = (field: Uint8Array | bigint, depth: number) => {
    eachField(asBytes(field), { 1: (values) => tensor(values, depth), 2: (indices) => tensor(indices, depth) });
  };
  const attribute = (field: Uint8Array | bigint, depth: number) => {
    eachField(asBytes(field), {
      5: (value) => tensor(value, depth),
      6: (value) => graph(value, depth + 1),
      10: (value) => tensor(value, depth),
      11: (value) => graph(value, depth + 1),
      22: (value) => sparse(value, depth),
      23: (value) => sparse(value, depth),
    });
  };
  const node = (field: Uint8Array | bigint, depth: number) => {
    let name = '';
    let domain = '';
    eachField(asBytes(field), {
      4: (value) => (name = textOf(value)),
      5: (value) => attribute(value, depth),
      7: (value) => (domain = textOf(value)),
    });
    used.add(domain);
    if (used.size > 1000) throw refuse('over 1000 operator domains');
    if (isStandardDomain(domain)) return;
    const key = JSON.stringify([domain, name]);
    foreign.set(key, { domain, name, nodes: (foreign.get(key)?.nodes ?? 0) + 1 });
    if (foreign.size > 1000) throw refuse('over 1000 operators outside the ONNX standard');
  };
  const graph = (field: Uint8Array | bigint, depth: number) => {
    if (depth > deepest) throw refuse(`subgraphs nested over ${deepest} deep`);
    eachField(asBytes(field), {
      1: (value) => node(value, depth),
      5: (value) => tensor(value, depth, true),
      15: (value) => sparse(value, depth),
    });
  };
  eachField(model, {
    7: (value) => graph(value, 0),
    25(value) {
      let name = '';
      let domain = '';
      eachField(asBytes(value), {
        1: (inner) => (name = textOf(inner)),
        7: (inner) => node(inner, 1),
        10: (inner) => (domain = textOf(inner)),
        11: (inner) => attribute(inner, 1),
      });
      defined.add(domain);
      functions.add(JSON.stringify([domain, name]));
    },
  });
  const operatorDomains = [...used].filter((domain) => !defined.has(domain));
  const foreignOperators = [...foreign]
    .filter(([key]) => !functions.has(key))
    .map(([, operator]) => operator)
    .sort((a, b) => (a.domain === b.domain ? compareText(a.name, b.name) : compareText(a.domain, b.domain)));
  return { initializers, externalRanges: ranges, operatorDomains, foreignOperators };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rangeOf(tensor: string, entries: ReadonlyMap<string, string>): OnnxExternalRange {
  const length = entries.get('length');
  return {
    tensor,
    location: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    ...(length === undefined ? {} : { length: Number(length) }),
  };
}

function asBytes(field: Uint8Array | bigint): Uint8Array {
  if (typeof field === 'bigint') throw new Error('a number where a message belongs');
  return field;
}

/** A name, truncated, because no real one has megabytes. */
function textOf(field: Uint8Array | bigint): string {
  return new TextDecoder().decode(asBytes(field).subarray(0, 4096));
}
