import { countParameters } from '@hearken/onnx';
import { withEmbedderEnds } from '@hearken/onnx/internal';
import { CheckpointError, type Embedder, type EmbedderGraph, OptionError, type RuntimeOptions } from '@hearken/core';
import { OnnxEmbedder, type Windowing } from './embedder.js';
import type { OnnxFile, OnnxFileRuntime } from './onnx-file.js';
import type { OnnxOptions } from './options.js';
import { fileHead } from './file-head.js';
import { runtimeProblem } from './runtime-problem.js';
import { modelSignature, type Signature } from './signature.js';
import { WaveformModel } from './waveform-model.js';

/** Lengths in seconds to try with a model that takes any length, to find the shortest. */
const triedSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** The identity of an embedder, for its provenance. */
export interface EmbedderName {
  readonly plugin: string;
  readonly pluginVersion: string;
  readonly model: string;
}

/**
 * Loads an opened ONNX file as an embedder.
 *
 * @throws OptionError and CheckpointError like `modelSignature`, and if the model does not run
 */
export async function loadEmbedder(
  runtime: OnnxFileRuntime,
  file: OnnxFile,
  options: OnnxOptions,
  name: EmbedderName,
  runtimeOptions?: RuntimeOptions,
): Promise<Embedder> {
  const signature = modelSignature(file.name, file.header, options);
  const window = sceneWindow(file.name, signature, options.window);
  const session = await runtime
    .createSession(file.bytes, { ...runtimeOptions, external: file.external })
    .catch((cause: unknown) => {
      // Errors about options are not about the file, and a changed file already has its own error.
      if (
        cause instanceof OptionError ||
        cause instanceof CheckpointError ||
        runtimeOptions?.abortSignal?.aborted === true
      )
        throw cause;
      throw new CheckpointError({
        asked: `${file.name} in the ONNX runtime`,
        ...runtimeProblem(cause, file.header),
        cause,
      });
    });
  try {
    const model = new WaveformModel(file.name, session, signature);
    const lengths = triedSeconds.map((seconds) => Math.round(seconds * signature.sampleRate));
    const shortest = await model.tryOut(
      window === undefined ? [2, ...lengths.filter((length) => length > 2)] : [window],
    );
    const windowing = chooseWindowing(signature.sampleRate, window, shortest, options);
    const provenance = {
      ...name,
      checkpointSha256: await file.sha256(),
      parameters: countParameters(file.bytes),
      options: provenanceOptions(signature, windowing),
    };
    const head = fileHead(file, model, windowing, provenance);
    return new OnnxEmbedder(model, windowing, provenance, exportedGraph(file, model, window), head);
  } catch (error) {
    await session.dispose();
    throw error;
  }
}

function sceneWindow(name: string, { samples, input }: Signature, asked: number | undefined): number | undefined {
  if (samples === undefined || asked === undefined || asked === samples) {
    if (asked === 1) throw new OptionError({ asked: 'option window 1', found: 'one sample', fix: 'pass at least 2' });
    return samples ?? asked;
  }
  throw new OptionError({
    asked: `option window ${asked} for ${name}`,
    found: `input '${input}', which always has ${samples} samples`,
    fix: 'omit the option',
  });
}

function chooseWindowing(
  sampleRate: number,
  window: number | undefined,
  shortest: number,
  { hop, timestampHop }: OnnxOptions,
): Windowing {
  const timestampWindow = window ?? Math.max(sampleRate, shortest);
  return {
    ...(window === undefined ? {} : { scene: { window, hop: hop ?? Math.max(1, Math.floor(window / 2)) } }),
    minimum: window === undefined ? shortest : 2,
    timestamp: {
      window: timestampWindow,
      hop: timestampHop ?? Math.max(1, Math.round(Math.max(sampleRate, timestampWindow) / 20)),
    },
  };
}

function provenanceOptions({ sampleRate, channels, input, output }: Signature, { scene, timestamp }: Windowing) {
  return {
    sampleRate,
    channels,
    input,
    output,
    window: scene?.window ?? null,
    hop: scene?.hop ?? null,
    timestampWindow: timestamp.window,
    timestampHop: timestamp.hop,
  };
}

/** The graph for `hearken export` and for training, if it takes any number of signals. */
function exportedGraph(file: OnnxFile, model: WaveformModel, window: number | undefined): EmbedderGraph | undefined {
  const { signature } = model;
  const { input, output } = signature;
  const axes = file.header.outputs.find(({ name }) => name === output)?.shape?.length;
  if (!model.takesAnyBatch || (axes !== 2 && axes !== 3)) return undefined;
  return {
    get model() {
      return withEmbedderEnds(file.bytes, { input, output, isOverTime: axes === 3 });
    },
    signalShape: signature.signalShape(window ?? 10 * signature.sampleRate),
    ...(file.external.folder === undefined ? {} : { externalFolder: file.external.folder }),
    ...(file.external.files === undefined ? {} : { externalFiles: file.external.files }),
    check: file.external.guard?.loaded,
  };
}
