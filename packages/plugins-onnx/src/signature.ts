import { CheckpointError, didYouMean, OptionError } from '@hearken/core';
import { type OnnxHeader, type OnnxValue, onnxValueText } from '@hearken/onnx';
import type { OnnxOptions } from './options.js';

/** A model's inputs and outputs. */
export interface Signature {
  readonly sampleRate: number;
  readonly channels: number;
  readonly input: string;
  /** Shape of one signal of `samples` samples, without the batch's dimension. */
  readonly signalShape: (samples: number) => number[];
  /** Signals per call: `none` if the input has no such dimension, a number if its shape fixes it. */
  readonly batch: 'none' | 'any' | number;
  /** Samples per window, if the input's shape fixes them. */
  readonly samples: number | undefined;
  readonly output: string;
  /** Size of the embedding, if the output's shape or the file's metadata give it. */
  readonly embeddingSize: number | undefined;
}

/**
 * Determines a model's inputs and outputs from its header and the options. Inputs may be `[samples]`, `[n, samples]`,
 * `[n, channels, samples]` or, if the channels are known, `[channels, samples]`.
 *
 * @throws OptionError for names that are not in the file and for missing options, CheckpointError for a model that no
 * option can make usable; both list what the file has
 */
export function modelSignature(name: string, header: OnnxHeader, options: OnnxOptions): Signature {
  checkOperators(name, header);
  const input = chooseValue(name, 'input', header.inputs, options.input);
  const output = chooseValue(name, 'output', header.outputs, options.output);
  if (header.inputs.length > 1) {
    throw refused(
      name,
      header,
      `${header.inputs.length} required inputs`,
      'export it with the waveform as the only input',
    );
  }
  for (const value of [input, output]) {
    if (value.dataType === 'float32') continue;
    throw refused(name, header, `'${value.name}' of ${value.dataType}`, 'export the model with float32 in and out');
  }
  const sampleRate = options.sampleRate ?? wholeNumber(header.metadata.get('sampleRate'));
  if (sampleRate === undefined) {
    throw new OptionError({
      asked: `${name} as an embedder`,
      found: 'no sample rate: neither option sampleRate nor sampleRate in the metadata of the file',
      fix: `pass the sample rate in Hz that the model was trained on: --options '{"sampleRate":16000}'`,
    });
  }
  const said = options.channels ?? wholeNumber(header.metadata.get('channels'));
  const { shape = [] } = input;
  if (shape.length === 3 && fixed(shape[1]) === undefined && said === undefined) {
    throw new OptionError({
      asked: `${name} as an embedder`,
      found: `input '${input.name}' [${shape.join(', ')}] of any number of channels, and neither option channels nor channels in the metadata of the file`,
      fix: `pass the number that it was trained on: --options '{"channels":1}'`,
    });
  }
  const layout = inputLayout(input.shape ?? ['n', 'samples'], said);
  if (layout === undefined) {
    throw refused(
      name,
      header,
      `input '${input.name}' [${input.shape?.join(', ')}]${said === undefined ? '' : ` for ${said} channels`}`,
      'a waveform is [samples], [n, samples] or [n, channels, samples]: set option channels, or put the front end before it',
    );
  }
  const last = output.shape?.at(-1);
  return {
    sampleRate,
    ...layout,
    input: input.name,
    output: output.name,
    embeddingSize: typeof last === 'number' ? last : wholeNumber(header.metadata.get('embeddingSize')),
  };
}

type Layout = Pick<Signature, 'channels' | 'signalShape' | 'batch' | 'samples'>;

/** @returns undefined for a shape that is not a waveform, or not one with this many channels */
function inputLayout(shape: readonly (number | string)[], channels: number | undefined): Layout | undefined {
  const samples = fixed(shape.at(-1));
  const first = fixed(shape[0]);
  if (samples !== undefined && samples < 2) return undefined;
  const batch = first ?? 'any';
  if (shape.length === 1 && (channels ?? 1) === 1) {
    return { channels: 1, batch: 'none', samples, signalShape: (length) => [length] };
  }
  if (shape.length === 2 && (channels ?? 1) === 1) {
    return { channels: 1, batch, samples, signalShape: (length) => [length] };
  }
  if (shape.length === 2 && channels !== undefined && first === channels) {
    return { channels, batch: 'none', samples, signalShape: (length) => [channels, length] };
  }
  if (shape.length === 3) {
    const found = fixed(shape[1]) ?? channels;
    if (found === undefined || found !== (channels ?? found)) return undefined;
    return { channels: found, batch, samples, signalShape: (length) => [found, length] };
  }
  return undefined;
}

function fixed(dimension: number | string | undefined): number | undefined {
  return typeof dimension === 'number' && dimension > 0 ? dimension : undefined;
}

function wholeNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && /^\d{1,9}$/.test(text) && value > 0 ? value : undefined;
}

function chooseValue(
  name: string,
  kind: 'input' | 'output',
  values: readonly OnnxValue[],
  asked: string | undefined,
): OnnxValue {
  const names = values.map((value) => value.name);
  // The name that `hearken export` uses.
  const usual = kind === 'output' ? values.find((value) => value.name === 'embedding') : undefined;
  const found =
    asked === undefined
      ? (usual ?? (values.length === 1 ? values[0] : undefined))
      : values.find((value) => value.name === asked);
  if (found !== undefined) return found;
  throw new OptionError({
    asked: asked === undefined ? `the ${kind} of ${name}` : `${kind} '${asked}' of ${name}`,
    found: `its ${kind}s are ${values.map(onnxValueText).join('; ') || 'none'}`,
    fix: asked === undefined ? `name one with option ${kind}` : `${didYouMean(asked, names)}pass one of these`,
  });
}

/** Older versions have other semantics, which the runtime does not guarantee. */
const oldestOpset = 7;
const knownDomains = ['', 'ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc', 'com.ms.internal.nhwc'];

function checkOperators(name: string, header: OnnxHeader): void {
  const opset = header.opsets.get('');
  if (opset !== undefined && opset < oldestOpset) {
    throw refused(
      name,
      header,
      `operator set ${opset} of 'ai.onnx', but the oldest supported one is ${oldestOpset}`,
      `export it with opset ${oldestOpset} or later (such as 17)`,
    );
  }
  const foreign = header.operatorDomains.filter((domain) => !knownDomains.includes(domain));
  if (foreign.length === 0) return;
  throw refused(
    name,
    header,
    `operators of ${foreign.map((domain) => `'${domain.slice(0, 80)}'`).join(', ')}, which only run with their own library`,
    'export it with only ONNX operators',
  );
}

function refused(name: string, header: OnnxHeader, found: string, fix: string): CheckpointError {
  const list = (values: readonly OnnxValue[]) => values.slice(0, 12).map(onnxValueText).join('; ') || 'none';
  return new CheckpointError({
    asked: `${name} as an embedder`,
    found: `${found} (inputs: ${list(header.inputs)}; outputs: ${list(header.outputs)})`,
    fix,
  });
}
