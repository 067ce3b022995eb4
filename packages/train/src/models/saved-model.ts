import { create, toBinary } from '@bufbuild/protobuf';
import { CheckpointError, OptionError, type SavedFile, type TrainedWeights } from '@hearken/core';
import { dataTypes, linear, maximumModelBytes } from '@hearken/onnx';
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from '@hearken/onnx/internal';
import { extendModel } from '../graph/extend-model.js';
import { parseModel } from '../graph/read-graph.js';
import { dataTypeOf, sizeOf } from '../graph/tensor-elements.js';
import { checkpointPrefix } from '../recipes/blocks.js';
import { type BaseModel, embeddingName, valueInfo, weightsOf } from './base-graph.js';
import { externalPlace, type OpenExternal } from './initializer-values.js';

/** The new head's tensors. */
export const headNames = { weight: 'head.weight', bias: 'head.bias' } as const;
/** Name of the output that the head adds. */
export const logitsName = 'logits';
const [modelFile, dataFile] = ['model.onnx', 'model.onnx.data'];
/** Above this, weights go to a file of their own: an ONNX file cannot have 2 GB, and its readers hold it in memory twice. */
const mostBytesInside = 1_500_000_000;

/** What a saved model is made of. */
export interface SavedModelParts {
  readonly base: BaseModel;
  /** Its name, for errors. */
  readonly name: string;
  readonly trained: TrainedWeights;
  readonly embeddingSize: number;
  /** Sizes of the signal, the batch among them. */
  readonly signalShape: readonly (number | string)[];
  /** Texts for the model's `metadata_props`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly openExternal: OpenExternal;
  /** Default: 1.5 GB. */
  readonly mostBytesInside?: number;
}

/**
 * An ONNX file of a trained model: the same graph with the trained values, and behind `embedding` the new head with output
 * `logits`. Its metadata has `labels` (a JSON list) and `kind` besides what `hearken export` writes. Weights above 1.5 GB
 * together are in a second file, one after the other, which has to stay beside the first.
 *
 * @throws OptionError for tensors that the model does not have, adapters among them; CheckpointError for weights that
 *   cannot be read
 */
export async function savedModel(parts: SavedModelParts): Promise<SavedFile[]> {
  const { base, name, trained, embeddingSize, signalShape, metadata, openExternal } = parts;
  checkTensors(parts);
  const tensors = new Map<string, TensorProto>();
  for (const tensor of base.graph.initializer) {
    tensors.set(tensor.name, await contents(tensor, trained.tensors.get(tensor.name), name, openExternal));
  }
  // The weights are put in at the end, so that the nodes are written without them.
  const empty = create(ModelProtoSchema, {
    ...base,
    graph: {
      ...base.graph,
      initializer: base.graph.initializer.map(({ name: one, dims, dataType }) =>
        create(TensorProtoSchema, { name: one, dims, dataType }),
      ),
      input: base.graph.input.map((input) => valueInfo(input.name, signalShape)),
      output: [valueInfo(embeddingName, ['n', embeddingSize])],
    },
  });
  const outputs = trained.labels.length;
  const extended = extendModel(toBinary(ModelProtoSchema, empty), (graph) => {
    const weight = graph.input(inGraph(headNames.weight), [outputs, embeddingSize]);
    const bias = graph.input(inGraph(headNames.bias), [outputs]);
    graph.output(logitsName, linear(graph, { name: embeddingName }, weight, bias), ['n', outputs]);
  });
  const model = parseModel(extended, `to save ${name}`);
  const isHead = (one: string) => Object.values(headNames).some((head) => one === inGraph(head));
  model.graph.input = model.graph.input.filter((input) => !isHead(input.name));
  const dims = [[outputs, embeddingSize], [outputs]];
  Object.values(headNames).forEach((head, index) => {
    const blank = create(TensorProtoSchema, { name: inGraph(head), dims: dims[index].map(BigInt) });
    tensors.set(blank.name, withValues(blank, trained.tensors.get(head)!));
  });
  model.graph.initializer = [...tensors.values()];
  const entries = { ...metadata, ...headMetadata(trained) };
  model.metadataProps = [
    ...model.metadataProps.filter(({ key }) => !Object.hasOwn(entries, key) && key !== 'kind'),
    ...Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
  ];
  const all = [...tensors.values()];
  const bytes = all.reduce((sum, { rawData }) => sum + rawData.length, extended.length);
  if (bytes <= Math.min(parts.mostBytesInside ?? mostBytesInside, maximumModelBytes)) {
    return [{ name: modelFile, parts: [toBinary(ModelProtoSchema, model)] }];
  }
  let offset = 0;
  const data: Uint8Array[] = [];
  model.graph.initializer = model.graph.initializer.map((tensor) => {
    const { rawData } = tensor;
    // Constants that a runtime needs to know while it loads a graph are small.
    if (rawData.length < 1024) return tensor;
    const place = { location: dataFile, offset: String(offset), length: String(rawData.length) };
    offset += rawData.length;
    data.push(rawData);
    return create(TensorProtoSchema, {
      ...{ name: tensor.name, dims: tensor.dims, dataType: tensor.dataType },
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(place).map(([key, value]) => ({ key, value })),
    });
  });
  return [
    { name: modelFile, parts: [toBinary(ModelProtoSchema, model)] },
    { name: dataFile, parts: data },
  ];
}

function headMetadata({ labels, kind }: TrainedWeights): Readonly<Record<string, string>> {
  return { labels: JSON.stringify(labels), ...(kind === undefined ? {} : { kind }) };
}

function checkTensors({ base, name, trained, embeddingSize }: SavedModelParts): void {
  const known = new Map(weightsOf(base).map((tensor) => [tensor.name, sizeOf(tensor.dims.map(Number))]));
  known.set(headNames.weight, trained.labels.length * embeddingSize);
  known.set(headNames.bias, trained.labels.length);
  const refuse = (found: string, fix: string) => new OptionError({ asked: `to save ${name} fine-tuned`, found, fix });
  for (const [tensor, { length }] of trained.tensors) {
    const size = known.get(tensor);
    if (size === length) continue;
    if (size !== undefined) throw refuse(`${length} values for '${tensor}' of ${size}`, 'pass what the training gave');
    throw refuse(
      `no weight '${tensor}' in the model`,
      /\.lora_[AB]\.weight$/.test(tensor)
        ? 'merge the adapters into the weights first: mergeAdapters'
        : 'pass tensors by their names in the graph',
    );
  }
  for (const tensor of Object.values(headNames)) {
    if (!trained.tensors.has(tensor)) throw refuse(`no '${tensor}' among the trained tensors`, 'pass the head too');
  }
}

/** An initializer with its bytes in it. */
async function contents(
  tensor: TensorProto,
  values: Float32Array | undefined,
  model: string,
  openExternal: OpenExternal,
): Promise<TensorProto> {
  const { name, dims } = tensor;
  if (values !== undefined) return withValues(tensor, values);
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return tensor;
  const { location, offset, length } = externalPlace(tensor);
  const source = await openExternal(location);
  try {
    const byteLength = bytesOf(tensor, length ?? source.size - offset);
    if (length !== undefined && length !== byteLength) {
      const found = `${length} bytes, and its shape makes ${byteLength}`;
      throw new CheckpointError({ asked: `'${name}' of ${model}`, found, fix: 'download the model again' });
    }
    const { dataType } = tensor;
    return create(TensorProtoSchema, { name, dims, dataType, rawData: await source.read(offset, byteLength) });
  } finally {
    await source.close();
  }
}

function withValues({ name, dims }: TensorProto, values: Float32Array): TensorProto {
  const rawData = new Uint8Array(values.slice().buffer);
  return create(TensorProtoSchema, { name, dims, dataType: dataTypes.float32, rawData });
}

const itemSizes: Readonly<Record<string, number>> = {
  ...{ float64: 8, int64: 8, float32: 4, int32: 4 },
  ...{ float16: 2, bfloat16: 2, int8: 1, uint8: 1, bool: 1 },
};

/** What the shape and type make; what is stated for types without a name here. */
function bytesOf({ dims, dataType }: TensorProto, stated: number): number {
  const size = itemSizes[dataTypeOf(dataType) ?? ''];
  return size === undefined ? stated : sizeOf(dims.map(Number)) * size;
}

/** The name of a weight in the graph. */
export function inGraph(name: string): string {
  return name.startsWith(checkpointPrefix) ? name : `${checkpointPrefix}${name}`;
}
