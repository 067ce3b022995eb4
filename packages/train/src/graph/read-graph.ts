import { fromBinary } from '@bufbuild/protobuf';
import { CheckpointError } from '@hearken/core';
import { type GraphProto, type ModelProto, ModelProtoSchema } from '@hearken/onnx/internal';
import { upgradeNode } from './upgrade-node.js';

/** The versions of ONNX's operators in which a model may be written. */
const operatorVersions = { oldest: 13, newest: 23 };

/** The version in which training graphs are written, unless the model is newer. */
const writtenVersion = 21;

/** A model as it was read; its nodes are those of `opset`. */
export interface SourceModel {
  readonly graph: GraphProto;
  readonly irVersion: number;
  /** Version of ONNX's operators. */
  readonly opset: number;
}

/**
 * Reads a serialised model as it is.
 *
 * @param asked what it is read for, for the error
 * @throws CheckpointError for bytes that are not an ONNX model
 */
export function parseModel(bytes: Uint8Array, asked: string): ModelProto & { readonly graph: GraphProto } {
  const fix = 'pass a serialised ONNX model';
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    const found = 'bytes that are not an ONNX model, or a truncated one';
    throw new CheckpointError({ asked, found, fix, cause });
  }
  const { graph } = model;
  if (graph === undefined) throw new CheckpointError({ asked, found: 'a model without a graph', fix });
  return Object.assign(model, { graph });
}

/**
 * Reads a serialised model. Nodes of older versions are written as in version 21.
 *
 * @throws CheckpointError for bytes that are not an ONNX model, or one whose operators are too old or too new
 */
export function readModel(bytes: Uint8Array): SourceModel {
  const asked = 'a model to train';
  const model = parseModel(bytes, asked);
  const { graph, functions } = model;
  if (functions.length > 0) {
    const found = `a model with ${functions.length} functions of its own`;
    throw new CheckpointError({ asked, found, fix: 'export it without functions, or inline them (onnx.inliner)' });
  }
  const version = Number(model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n);
  const { oldest, newest } = operatorVersions;
  if (version < oldest || version > newest) {
    const found = `operators of version ${version}`;
    throw new CheckpointError({
      asked,
      found,
      fix: `convert it to version ${oldest} to ${newest} (onnx.version_converter)`,
    });
  }
  if (version < writtenVersion) graph.node = graph.node.flatMap((node) => upgradeNode(node, version));
  return {
    graph,
    irVersion: Math.max(10, Number(model.irVersion)),
    opset: Math.max(writtenVersion, version),
  };
}
