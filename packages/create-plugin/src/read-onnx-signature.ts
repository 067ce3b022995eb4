import { readSync } from 'node:fs';
import { FileError } from '@hearken/core';
import { type ByteSource, readModelHeader, type ValueHeader } from '@hearken/core/internal';
import { openPlainFile } from '@hearken/core/node';

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

/** `TensorProto.DataType` */
const float32 = 1;
const windowBytes = 4096;

/**
 * Reads the inputs and outputs of an ONNX file. Weights are skipped and never read, so the size of the file does not
 * matter.
 *
 * @throws FileError for a file that can't be read or is not an ONNX model
 */
export async function readOnnxSignature(path: string): Promise<OnnxSignature> {
  const refuse = (why: { found: string; fix: string; cause?: unknown }) =>
    new FileError({ asked: `'${path}' as an ONNX model`, ...why });
  const { handle, size } = await openPlainFile(path, { refuse });
  const changed = () =>
    refuse({
      found: 'a file that became shorter while it was being read',
      fix: 'wait until it is completely written, and try again',
    });
  try {
    const { inputs, outputs, metadata, externalTensors } = readModelHeader(
      fileSource(handle.fd, size, changed),
      refuse,
    );
    const hasExternalData = externalTensors.length > 0;
    return { inputs: inputs.map(valueOf), outputs: outputs.map(valueOf), metadata, hasExternalData, bytes: size };
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    throw refuse({ found: (cause as Error).message, fix: 'check that it can be read', cause });
  } finally {
    await handle.close();
  }
}

/** Reads a file in windows, because most numbers of a message are next to each other. */
function fileSource(descriptor: number, size: number, changed: () => Error): ByteSource {
  const bytes = (offset: number, length: number) => {
    const read = new Uint8Array(length);
    if (readSync(descriptor, read, 0, length, offset) < length) throw changed();
    return read;
  };
  let window = new Uint8Array(0);
  let start = 0;
  const byteAt = (offset: number) => {
    if (offset < start || offset >= start + window.length) {
      window = bytes(offset, Math.min(windowBytes, size - offset));
      start = offset;
    }
    return window[offset - start];
  };
  return { size, byteAt, bytes };
}

function valueOf({ name, elementType, shape }: ValueHeader): OnnxValue {
  return { name, isFloat32: elementType === float32, ...(shape === undefined ? {} : { shape }) };
}

/** `waveform [n, 1, 16000]`, for messages; names are untrusted, so control characters are left out. */
export function onnxValueText({ name, shape, isFloat32 }: OnnxValue): string {
  const text = `${name}${shape === undefined ? '' : ` [${shape.join(', ')}]`}${isFloat32 ? '' : ' (not float32)'}`;
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200);
}
