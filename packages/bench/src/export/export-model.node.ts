import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EmbedderError, type Embedder, type EmbedderGraph, OptionError, signalBatch } from '@hearken/core';
import { groupBy } from '@hearken/core/internal';
import {
  createNodeSession,
  type ExternalBytes,
  maximumModelBytes,
  type OnnxOperator,
  openFileSource,
  readOnnxHeader,
  selfContainedModel,
  withStandardOperators,
} from '@hearken/onnx/node';
import { Random } from '@hearken/metrics';
import { writeFileAtomic } from '@hearken/core/node';

/** How to write a model. */
export interface ExportOptions {
  /** Write ONNX Runtime's own operators in terms of the ONNX standard; default: false. */
  readonly opsetOnly?: boolean;
  /** The model's name; default: `plugin:model`. */
  readonly name?: string;
  /** Size in bytes above which the weights go to a separate file; default: the largest possible ONNX file. */
  readonly maximumBytes?: number;
}

export interface ExportedModel {
  /** The ONNX file, and the file with its weights if they do not fit into it. */
  readonly paths: readonly string[];
  readonly bytes: number;
  /** Largest difference between the written file, loaded separately, and the embedder, on a synthetic signal. */
  readonly difference: number;
  /** Operators in the written graph that are not in the ONNX standard. */
  readonly foreignOperators: readonly OnnxOperator[];
}

/**
 * Writes an embedder's graph as one self-contained ONNX file, from waveform to embedding (weights over 2 GB go to
 * `<file>.data` next to it), then loads that file and compares it with the embedder.
 *
 * @throws OptionError for a plugin without a graph, and for operators without a standard form; FileError if it cannot
 *   be written, CheckpointError if the checkpoint has changed meanwhile, EmbedderError if the written file gives other
 *   embeddings; no file is left then
 */
export async function exportModel(
  embedder: Embedder,
  path: string,
  { opsetOnly = false, maximumBytes = maximumModelBytes, name = nameOf(embedder) }: ExportOptions = {},
): Promise<ExportedModel> {
  const { graph, provenance } = embedder;
  if (graph === undefined) {
    throw new OptionError({
      asked: `an ONNX file of ${name}`,
      found: 'a plugin that does not provide its graph',
      fix:
        provenance.options.precision === 'int8'
          ? 'export it with precision fp32, or from a folder that can be written to, so that its quantised weights can be stored there'
          : 'export another model',
    });
  }
  const dataPath = `${path}.data`;
  const read = async ({ location, offset, byteLength }: ExternalBytes) => {
    const source = await openFileSource(join(graph.externalFolder ?? '.', location));
    try {
      return await source.read(offset, byteLength);
    } finally {
      await source.close();
    }
  };
  const built = graph.model;
  const serialised = opsetOnly ? withStandardOperators(built, name) : built;
  const { foreignOperators } = readOnnxHeader(serialised, path);
  const metadata = modelMetadata(embedder, name, graph, foreignOperators);
  const { model, externalData } = await selfContainedModel(
    serialised,
    read,
    basename(dataPath),
    metadata,
    maximumBytes,
  );
  // If the weights have changed since they were loaded, the file would have the hash of the old ones.
  await graph.check?.();
  const paths: string[] = [];
  try {
    if (externalData !== undefined) {
      const parts = async function* () {
        for (const part of externalData) yield await read(part);
        // Again, in case they changed while they were read. Before the file gets its name, so that an error leaves no
        // file.
        await graph.check?.();
      };
      await writeFileAtomic(dataPath, parts());
      paths.push(dataPath);
    }
    await writeFileAtomic(path, model);
    paths.unshift(path);
    const bytes = model.length + (externalData ?? []).reduce((sum, { byteLength }) => sum + byteLength, 0);
    const difference = await compare(embedder, graph.signalShape, model, path);
    return { paths, bytes, difference, foreignOperators };
  } catch (cause) {
    for (const written of paths) await rm(written, { force: true });
    throw cause;
  }
}

function nameOf({ provenance }: Embedder): string {
  return `${provenance.plugin}:${provenance.model}`;
}

/** Metadata of the written file. */
function modelMetadata(
  embedder: Embedder,
  name: string,
  { signalShape }: EmbedderGraph,
  foreignOperators: readonly OnnxOperator[],
): Readonly<Record<string, string>> {
  const { provenance } = embedder;
  return {
    plugin: `${provenance.plugin} ${provenance.pluginVersion}`,
    model: name,
    ...(provenance.parameters === undefined ? {} : { parameters: String(provenance.parameters) }),
    checkpointSha256: provenance.checkpointSha256 ?? '',
    options: JSON.stringify(provenance.options),
    sampleRate: String(embedder.sampleRate),
    channels: String(embedder.channels),
    embeddingSize: String(embedder.sceneEmbeddingSize),
    input: `signal: the waveform, float32 [n, ${signalShape.join(', ')}]`,
    output: `embedding: float32 [n, ${embedder.sceneEmbeddingSize}]`,
    operators:
      foreignOperators.length === 0
        ? 'ONNX standard only'
        : `besides the ONNX standard: ${operatorsText(foreignOperators)}`,
  };
}

/** `com.microsoft FastGelu (12), MultiHeadAttention (12)` */
export function operatorsText(operators: readonly OnnxOperator[]): string {
  const namesOf = (some: readonly OnnxOperator[]) => some.map(({ name, nodes }) => `${name} (${nodes})`).join(', ');
  return [...groupBy(operators, ({ domain }) => domain)]
    .map(([domain, some]) => `${domain} ${namesOf(some)}`)
    .join('; ');
}

/** Largest difference on two synthetic signals. */
async function compare(
  embedder: Embedder,
  signalShape: readonly number[],
  model: Uint8Array,
  path: string,
): Promise<number> {
  const random = new Random(0);
  const size = signalShape.reduce((product, dimension) => product * dimension, 1);
  const signals = [0.3, 0.01].map((scale) => Float32Array.from({ length: size }, () => scale * random.normal()));
  const batch = signalBatch(signals, embedder.channels);
  const expected = (await embedder.embedScenes(batch)).data;
  const session = await createNodeSession(model, { external: { folder: dirname(resolve(path)) } });
  try {
    const { embedding } = await session.run({ signal: { data: batch.data, shape: [2, ...signalShape] } }, [
      'embedding',
    ]);
    const actual = embedding.data as Float32Array;
    let difference = 0;
    let largest = 0;
    expected.forEach((value, index) => {
      difference = Math.max(difference, Math.abs(actual[index] - value));
      largest = Math.max(largest, Math.abs(value));
    });
    if (actual.length === expected.length && difference <= 1e-4 + 1e-3 * largest) return difference;
    throw new EmbedderError({
      asked: `${path} to give the same embeddings as ${embedder.provenance.plugin}:${embedder.provenance.model}`,
      found: `${actual.length} values that differ by ${difference}`,
      fix: 'report this: the file was removed',
    });
  } finally {
    await session.dispose();
  }
}
