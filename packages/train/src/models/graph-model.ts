import { toBinary } from '@bufbuild/protobuf';
import {
  CheckpointError,
  type Embedder,
  type EmbedderGraph,
  type EmbedOptions,
  type ExampleForm,
  type NetworkRequest,
  OptionError,
  type SavedFile,
  type SignalBatch,
  signalBatch,
  type TrainableModel,
  type TrainableNetwork,
  type TrainedWeights,
  type WeightFiles,
} from '@hearken/core';
import { blobSource, fillWindow, linear } from '@hearken/onnx';
import { ModelProtoSchema } from '@hearken/onnx/internal';
import { extendModel } from '../graph/extend-model.js';
import { type BaseModel, baseModel, embeddingName, signalName, valueInfo, weightsOf } from './base-graph.js';
import { initializerValues, type OpenExternal } from './initializer-values.js';
import { headNames, logitsName, savedModel } from './saved-model.js';

/** Deviation of a new head's weights, as BERT's heads begin. */
const headDeviation = 0.02;

/** What a model that is trained from its graph is opened with. */
export interface GraphModelOptions {
  /** Where the graph's external weights are; default: the graph's folder. */
  readonly weights?: WeightFiles;
  /** Opens files of external weights; default: blobs of `weights` only, as in a page. */
  readonly openExternal?: OpenExternal;
}

/**
 * Makes a model trainable from the graph that its plugin exports, with nothing else from the plugin: the graph from
 * `signal` to `embedding`, and a new linear head behind it. Examples are signals. They have the length that the graph
 * states, and shorter ones are followed by zeros, unless the embedder answers for shorter signals as they are and the graph
 * takes them. It is saved as an ONNX file, which `@hearken/plugin-onnx` loads.
 *
 * @param embedder is disposed of with the model
 * @throws OptionError for a model without a graph, and for weights that are quantised or computed in 16 bits;
 *   CheckpointError for a graph that cannot be read
 */
export async function graphModel(embedder: Embedder, options: GraphModelOptions = {}): Promise<TrainableModel> {
  const { graph, provenance } = embedder;
  if (provenance.parameters === 0 || (provenance.checkpointSha256 === null && provenance.parameters === undefined)) {
    throw new OptionError({
      asked: `to train ${provenance.plugin}:${provenance.model}`,
      found: 'a model without weights',
      fix: 'train a probe on its embeddings, or choose a model with a checkpoint',
    });
  }
  if (graph === undefined) {
    const isQuantised = provenance.options.precision === 'int8';
    throw new OptionError({
      asked: `to train ${provenance.plugin}:${provenance.model}`,
      found: isQuantised ? 'weights quantised to integers, which have no gradient' : 'a model without a graph to train',
      fix: isQuantised
        ? `load it with option precision fp32: --options '{"precision":"fp32"}'`
        : 'give its embedder a graph from `signal` to `embedding`, for any number of signals at once, or its plugin `training`',
    });
  }
  const base = baseModel(graph, provenance);
  const takesShorter = lastSizeOf(base) === undefined && (await answersAsTheyAre(embedder, graph));
  return new GraphModel(embedder, graph, base, takesShorter, options);
}

/** The number of samples of the input; undefined for any number. */
function lastSizeOf({ graph }: BaseModel): number | undefined {
  const { type } = graph.input.find(({ name }) => name === signalName) ?? {};
  const size = type?.value.case === 'tensorType' ? type.value.value.shape?.dim.at(-1)?.value : undefined;
  return size?.case === 'dimValue' && size.value > 0n ? Number(size.value) : undefined;
}

/** Whether a signal of half the length has another embedding than when zeros follow it. */
async function answersAsTheyAre(embedder: Embedder, { signalShape }: EmbedderGraph): Promise<boolean> {
  const { channels, minimumSceneSamples } = embedder;
  const samples = signalShape.at(-1)!;
  const half = Math.max(minimumSceneSamples, Math.ceil(samples / 2));
  if (half >= samples) return false;
  const short = new Float32Array(channels * half);
  // A signal that no model takes for silence.
  short.forEach((_, index) => (short[index] = 0.1 * Math.sin((index * index) / 50)));
  const long = new Float32Array(channels * samples);
  fillWindow({ signals: signalBatch([short], channels), start: 0 }, 0, 0, long, 'zeros');
  const { data: asIs } = await embedder.embedScenes(signalBatch([short], channels));
  const { data: padded } = await embedder.embedScenes(signalBatch([long], channels));
  const largest = asIs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return asIs.some((value, index) => Math.abs(value - padded[index]) > 1e-5 * largest);
}

class GraphModel implements TrainableModel {
  readonly sampleRate: number;
  readonly channels: number;
  readonly provenance: TrainableModel['provenance'];
  readonly weights?: WeightFiles;
  readonly #name: string;
  readonly #openExternal: OpenExternal;

  constructor(
    readonly embedder: Embedder,
    readonly graph: EmbedderGraph,
    readonly base: BaseModel,
    readonly takesShorter: boolean,
    options: GraphModelOptions,
  ) {
    const { plugin, pluginVersion, model, checkpointSha256, parameters, options: own } = embedder.provenance;
    this.sampleRate = embedder.sampleRate;
    this.channels = embedder.channels;
    this.provenance = {
      ...{ plugin, pluginVersion, model, checkpointSha256, options: own },
      ...(parameters === undefined ? {} : { parameters }),
    };
    this.#name = `${plugin}:${model}`;
    const weights = options.weights ?? weightFiles(graph);
    if (weights !== undefined) this.weights = weights;
    this.#openExternal = options.openExternal ?? blobsOf(weights?.files);
  }

  form(seconds: number | undefined): ExampleForm {
    const { signalShape } = this.graph;
    const most = signalShape.at(-1)!;
    const asked = Math.round((seconds ?? Infinity) * this.sampleRate);
    const samples = this.takesShorter ? Math.max(this.embedder.minimumSceneSamples, Math.min(asked, most)) : most;
    return { samples, shape: [...signalShape.slice(0, -1), samples] };
  }

  prepare(signals: SignalBatch, { samples }: ExampleForm, { abortSignal }: EmbedOptions = {}): Promise<Float32Array> {
    if (abortSignal?.aborted === true) return Promise.reject(abortSignal.reason as Error);
    const size = this.channels * samples;
    const prepared = new Float32Array(signals.count * size);
    for (let signal = 0; signal < signals.count; signal += 1) {
      fillWindow({ signals, start: 0 }, signal, 0, prepared.subarray(signal * size, (signal + 1) * size), 'zeros');
    }
    return Promise.resolve(prepared);
  }

  network({ outputs, form, variant }: NetworkRequest): TrainableNetwork {
    if (variant !== undefined) {
      throw new OptionError({
        asked: `network '${variant}' of ${this.#name}`,
        found: 'no variants',
        fix: 'leave it out',
      });
    }
    const size = this.embedder.sceneEmbeddingSize;
    const { graph } = this.base;
    const shaped = {
      ...graph,
      input: [valueInfo(signalName, ['n', ...form.shape])],
      output: [valueInfo(embeddingName, ['n', size])],
    };
    const model = extendModel(toBinary(ModelProtoSchema, { ...this.base, graph: shaped }), (builder) => {
      const weight = builder.input(headNames.weight, [outputs, size]);
      const bias = builder.input(headNames.bias, [outputs]);
      builder.output(logitsName, linear(builder, { name: embeddingName }, weight, bias), ['n', outputs]);
    });
    return {
      model,
      input: signalName,
      head: [
        { name: headNames.weight, shape: [outputs, size], initial: { deviation: headDeviation } },
        { name: headNames.bias, shape: [outputs], initial: { value: 0 } },
      ],
    };
  }

  async readParameter(name: string): Promise<Float32Array> {
    const tensor = weightsOf(this.base).find((one) => one.name === name);
    if (tensor === undefined) {
      throw new CheckpointError({
        asked: `the values of '${name}'`,
        found: `no such weight in the graph of ${this.#name}`,
        fix: 'name a parameter of its network, as listParameters lists them',
      });
    }
    const values = await initializerValues(tensor, this.#name, this.#openExternal);
    // If the file has changed since it was loaded, these are not the weights of the embedder.
    await this.graph.check?.();
    return values;
  }

  async save(trained: TrainedWeights): Promise<SavedFile[]> {
    const { base, embedder, graph, provenance } = this;
    const { signalShape } = graph;
    const embeddingSize = embedder.sceneEmbeddingSize;
    const shape = ['n', ...signalShape.slice(0, -1), this.takesShorter ? 'samples' : signalShape.at(-1)!];
    const files = await savedModel({
      ...{ base, trained, embeddingSize, name: this.#name, openExternal: this.#openExternal, signalShape: shape },
      metadata: {
        plugin: `${provenance.plugin} ${provenance.pluginVersion}`,
        model: `${this.#name} fine-tuned`,
        checkpointSha256: provenance.checkpointSha256 ?? '',
        options: JSON.stringify(provenance.options),
        sampleRate: String(this.sampleRate),
        channels: String(this.channels),
        embeddingSize: String(embeddingSize),
      },
    });
    await graph.check?.();
    return files;
  }

  dispose(): Promise<void> {
    return this.embedder.dispose();
  }
}

function weightFiles({ externalFolder: folder, externalFiles: files }: EmbedderGraph): WeightFiles | undefined {
  if (folder === undefined && files === undefined) return undefined;
  return { ...(folder === undefined ? {} : { folder }), ...(files === undefined ? {} : { files }) };
}

function blobsOf(files: ReadonlyMap<string, Blob> | undefined): OpenExternal {
  return (location) => {
    const blob = files?.get(location);
    if (blob !== undefined) return Promise.resolve(blobSource(blob, location));
    return Promise.reject(
      new CheckpointError({
        asked: `external data ${JSON.stringify(location).slice(0, 120)}`,
        found: 'no such file with the model',
        fix: 'open the model with the files of its weights; on Node.js, use @hearken/train/node',
      }),
    );
  };
}
