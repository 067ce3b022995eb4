import { OptionError } from '@hearken/core';
import type { Choices, OnnxChoices, Signal } from './choices.js';
import { type OnnxSignature, type OnnxValue, onnxValueText } from './read-onnx-signature.js';

/** The answers that an ONNX file gives; absent if it doesn't say. */
export interface FoundInOnnx extends Partial<Pick<Choices, 'signal' | 'input' | 'sampleRate'>> {
  readonly inputValue: OnnxValue;
  readonly channels?: number;
  /** Outputs that may be the embedding; if there are several, the user is asked. */
  readonly outputs: readonly OnnxValue[];
  /** According to the metadata. */
  readonly embeddingSize?: number;
}

/** Fewer are channels, more are samples. */
const bandCounts = { least: 16, most: 512 };

/**
 * Determines what an ONNX file says about its plugin.
 *
 * @throws OptionError for a model with more than one required input, or without float32 input or output
 */
export function foundInOnnx(path: string, { inputs, outputs, metadata }: OnnxSignature): FoundInOnnx {
  const refused = (found: string, fix: string) =>
    new OptionError({ asked: `a plugin around '${path}'`, found: `${found} (${valuesText(inputs, outputs)})`, fix });
  const [input] = inputs;
  if (inputs.length !== 1) {
    throw refused(`${inputs.length} required inputs`, 'export it with the waveform or the features as the only input');
  }
  if (!input.isFloat32) throw refused(`an input that is not float32`, 'export it with float32 in and out');
  const usable = outputs.filter(({ isFloat32 }) => isFloat32);
  if (usable.length === 0) throw refused('no output of float32', 'export it with float32 in and out');
  const usual = usable.find(({ name }) => name === 'embedding');
  const said = (key: string) => {
    const value = Number(metadata.get(key));
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  };
  const shape = input.shape ?? [];
  const kind = kindOf(shape);
  const channels = said('channels') ?? (kind === 'waveform' && shape.length === 3 ? fixed(shape[1]) : undefined);
  const signal: Signal | undefined = channels === 12 ? 'ecg' : channels === 1 ? 'audio' : undefined;
  const [sampleRate, embeddingSize] = [said('sampleRate'), said('embeddingSize')];
  return {
    inputValue: input,
    outputs: usual === undefined ? usable : [usual],
    ...(kind === undefined ? {} : { input: kind }),
    ...(channels === undefined ? {} : { channels }),
    ...(signal === undefined ? {} : { signal }),
    ...(sampleRate === undefined ? {} : { sampleRate }),
    ...(embeddingSize === undefined ? {} : { embeddingSize }),
  };
}

/** `[samples]`, `[n, samples]` and `[n, channels, samples]` are waveforms, `[n, bands, frames]` and above are features. */
function kindOf(shape: readonly (number | string)[]): Choices['input'] | undefined {
  if (shape.length === 1 || shape.length === 2) return 'waveform';
  if (shape.length > 3) return 'features';
  if (shape.length === 0) return undefined;
  const isBands = (dimension: number | string) =>
    typeof dimension === 'number' && dimension >= bandCounts.least && dimension <= bandCounts.most;
  if (isBands(shape[1]) || isBands(shape[2])) return 'features';
  return fixed(shape[1]) === undefined ? undefined : 'waveform';
}

/**
 * The output that is the embedding, and its size.
 *
 * @throws OptionError listing the outputs if there is no such output, or if the file doesn't give its size
 */
export function onnxChoices(
  path: string,
  found: FoundInOnnx,
  { output: asked, embeddingSize }: { readonly output?: string; readonly embeddingSize?: number },
): OnnxChoices {
  const output = found.outputs.find(({ name }) => name === (asked ?? found.outputs[0].name));
  if (output === undefined || (asked === undefined && found.outputs.length > 1)) {
    throw new OptionError({
      asked: asked === undefined ? `which output of '${path}' is the embedding` : `output '${asked}' of '${path}'`,
      found: `its outputs are ${found.outputs.map(onnxValueText).join('; ')}`,
      fix: 'name one of them with --output',
    });
  }
  const known = fixed(output.shape?.at(-1)) ?? found.embeddingSize;
  if (known !== undefined && embeddingSize !== undefined && embeddingSize !== known) {
    throw contradiction(path, ['--embedding-size', embeddingSize], `output ${onnxValueText(output)}, of ${known}`);
  }
  const size = known ?? embeddingSize;
  if (size === undefined) {
    throw new OptionError({
      asked: `the size of the embeddings of '${path}'`,
      found: `output ${onnxValueText(output)}, which does not say`,
      fix: 'pass it with --embedding-size',
    });
  }
  return {
    path,
    input: found.inputValue.name,
    output: output.name,
    embeddingSize: size,
    ...(found.channels === undefined ? {} : { channels: found.channels }),
  };
}

/**
 * Checks that the choices don't contradict the file.
 *
 * @throws OptionError naming both
 */
export function checkAgainstFile(path: string, found: FoundInOnnx, chosen: Partial<Choices>): void {
  const { signal, weights, input, sampleRate } = chosen;
  const { inputValue } = found;
  const shape = inputValue.shape ?? [];
  const refuse = (asked: readonly [option: string, value: unknown], says = `input ${onnxValueText(inputValue)}`) =>
    contradiction(path, asked, says);
  if (weights !== undefined && weights !== 'onnx') throw refuse(['--weights', weights], 'an ONNX file');
  if (sampleRate !== undefined && found.sampleRate !== undefined && sampleRate !== found.sampleRate) {
    throw refuse(['--sample-rate', sampleRate], `metadata sampleRate ${found.sampleRate}`);
  }
  if (
    input === 'waveform' &&
    (shape.length > 3 || (shape.length === 3 && (fixed(shape[1]) ?? 1) >= bandCounts.least))
  ) {
    throw refuse(['--input', input], `input ${onnxValueText(inputValue)}, which is features`);
  }
  if (input === 'features' && (shape.length === 1 || shape.length === 2)) {
    throw refuse(['--input', input], `input ${onnxValueText(inputValue)}, which is a waveform`);
  }
  // Two dimensions are [n, samples] of one channel, but for [12, samples], an ECG alone.
  const isOneChannel = shape.length === 1 || (shape.length === 2 && shape[0] !== 12);
  const channels = found.channels ?? (isOneChannel ? 1 : undefined);
  const isOther = signal === 'ecg' ? (channels ?? 12) !== 12 : signal === 'audio' && found.signal === 'ecg';
  if (isOther) {
    throw refuse(
      ['--signal', signal],
      `input ${onnxValueText(inputValue)}, of ${channels === 1 ? '1 channel' : `${channels} channels`}`,
    );
  }
}

function contradiction(
  path: string,
  [option, value]: readonly [option: string, value: unknown],
  says: string,
): OptionError {
  return new OptionError({
    asked: `${option} ${String(value)} for '${path}'`,
    found: says,
    fix: `omit ${option}, or pass another file`,
  });
}

function fixed(dimension: number | string | undefined): number | undefined {
  return typeof dimension === 'number' && dimension > 0 ? dimension : undefined;
}

function valuesText(inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): string {
  const list = (values: readonly OnnxValue[]) => values.slice(0, 12).map(onnxValueText).join('; ') || 'none';
  return `inputs: ${list(inputs)}; outputs: ${list(outputs)}`;
}
