import { FileError } from '@hearken/core';
import { openPlainFile } from '@hearken/core/node';
import { FileMessages, type Message } from './protobuf-file.js';

/** An input or output of an ONNX model. */
export interface OnnxValue {
  readonly name: string;
  /** Whether it is a tensor of float32. */
  readonly isFloat32: boolean;
  /** Each is a number, or the name of a dimension that is only known when the model runs; absent: any shape. */
  readonly shape?: readonly (number | string)[];
}

/** The inputs and outputs of an ONNX file. */
export interface OnnxSignature {
  /** Required inputs: without those that the file has values for. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Its `metadata_props`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Whether some of its weights are in other files. */
  readonly hasExternalData: boolean;
  readonly bytes: number;
}

const mostValues = 1000;
const mostTensors = 1_000_000;
/** `TensorProto.DataType` and `TensorProto.DataLocation` */
const float32 = 1;
const external = 1;

/**
 * Reads the inputs and outputs of an ONNX file. Weights are skipped and never read, so the size of the file does not
 * matter. Field numbers are those of `onnx.proto`.
 *
 * @throws FileError for a file that can't be read or is not an ONNX model
 */
export async function readOnnxSignature(path: string): Promise<OnnxSignature> {
  const refused = (found: string, cause?: unknown) =>
    new FileError({
      asked: `'${path}' as an ONNX model`,
      found,
      fix: 'pass a file written by torch.onnx.export',
      cause,
    });
  const { handle, size } = await openPlainFile(path, {
    refuse: ({ reason, found, cause }) => refused(reason === 'not-a-file' ? 'not a regular file' : found, cause),
  });
  try {
    const file = new FileMessages(handle, size);
    const signature = await readModel(file.whole());
    if (signature === undefined) throw refused('not an ONNX model, or it does not contain exactly one graph');
    return { ...signature, bytes: size };
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw refused(`not an ONNX model (${(cause as Error).message})`, cause);
  } finally {
    await handle.close();
  }
}

async function readModel(model: Message): Promise<Omit<OnnxSignature, 'bytes'> | undefined> {
  const metadata = new Map<string, string>();
  let graph: Message | undefined;
  let hasOpset = false;
  for await (const { field, message } of model.fields()) {
    if (field === 7) graph = message;
    else if (field === 8) hasOpset = true;
    else if (field === 14 && message !== undefined && metadata.size < mostValues) {
      metadata.set((await message.text(1)) ?? '', (await message.text(2)) ?? '');
    }
  }
  if (graph === undefined || !hasOpset) return undefined;
  const [inputs, outputs]: [OnnxValue[], OnnxValue[]] = [[], []];
  const given = new Set<string>();
  let hasExternalData = false;
  for await (const { field, message } of graph.fields()) {
    if (message === undefined) continue;
    if (field === 5) {
      given.add((await message.text(8)) ?? '');
      hasExternalData ||= (await message.number(14)) === external;
    } else if (field === 11 || field === 12) {
      (field === 11 ? inputs : outputs).push(await readValue(message));
    }
    if (given.size > mostTensors || inputs.length + outputs.length > mostValues) throw new Error('too many entries');
  }
  return { inputs: inputs.filter(({ name }) => !given.has(name)), outputs, metadata, hasExternalData };
}

/** A `ValueInfoProto`. */
async function readValue(value: Message): Promise<OnnxValue> {
  const name = (await value.text(1)) ?? '';
  const tensor = await (await value.message(2))?.message(1);
  const shape = await tensor?.message(2);
  const isFloat32 = (await tensor?.number(1)) === float32;
  if (shape === undefined) return { name, isFloat32 };
  const dimensions: (number | string)[] = [];
  for await (const { field, message } of shape.fields()) {
    if (field !== 1 || message === undefined || dimensions.length > 16) continue;
    const size = await message.number(1);
    const label = await message.text(2);
    dimensions.push(size ?? (label === undefined || label === '' ? '?' : label));
  }
  return { name, isFloat32, shape: dimensions };
}

/** `waveform [n, 1, 16000]`, for messages; names are untrusted, so control characters are left out. */
export function onnxValueText({ name, shape, isFloat32 }: OnnxValue): string {
  const text = `${name}${shape === undefined ? '' : ` [${shape.join(', ')}]`}${isFloat32 ? '' : ' (not float32)'}`;
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200);
}
