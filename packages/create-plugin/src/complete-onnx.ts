import { copyFile, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError } from '@hearken/core';
import type { Ask } from './ask.js';
import { checkCount, type Choices, type FeatureLayout, type OnnxChoices } from './choices.js';
import { featureLayout } from './feature-layout.js';
import { type FoundInOnnx, onnxChoices } from './onnx-choices.js';
import { type OnnxSignature, onnxValueText } from './read-onnx-signature.js';

/** Larger files are not copied. */
const mostCopiedBytes = 2 ** 30;

/** Flags about an ONNX file. */
export interface OnnxFlags {
  readonly output?: string;
  readonly embeddingSize?: number;
}

/** Asks for what neither the file nor a flag says. @throws OptionError if there is nobody to ask */
export async function completeOnnx(
  path: string,
  found: FoundInOnnx,
  { flags, kind }: { readonly flags: OnnxFlags; readonly kind: Choices['input'] },
  ask?: Ask,
): Promise<OnnxChoices> {
  let { output, embeddingSize } = flags;
  // A shape that no front end can produce is an error before anything is asked.
  const features = kind === 'features' ? { features: featureLayout(path, found.inputValue) } : {};
  if (ask !== undefined && output === undefined && found.outputs.length > 1) {
    const names = found.outputs.map(({ name }) => name);
    output = await ask({
      text: `Which output is the embedding: ${found.outputs.map(onnxValueText).join('; ')}`,
      fallback: names[0],
      flag: '--output',
      read: (answer) => {
        if (names.includes(answer)) return answer;
        const asked = `output '${answer.slice(0, 80)}'`;
        throw new OptionError({ asked, found: 'not one of the outputs', fix: `choose ${names.join(', ')}` });
      },
    });
  }
  const chosen = found.outputs.find(({ name }) => name === (output ?? found.outputs[0].name));
  const isKnown = typeof chosen?.shape?.at(-1) === 'number' || found.embeddingSize !== undefined;
  if (ask !== undefined && embeddingSize === undefined && !isKnown) {
    embeddingSize = await ask({
      text: 'Size of the embedding, which the file does not give',
      fallback: '',
      flag: '--embedding-size',
      read: (answer) => {
        checkCount('embedding size', Number(answer));
        return Number(answer);
      },
    });
  }
  return { ...onnxChoices(path, found, { ...(output === undefined ? {} : { output }), embeddingSize }), ...features };
}

/** Copies the file to where the package's tests look for it; returns undefined, or why it was not copied. */
export async function copyModel(path: string, folder: string, signature: OnnxSignature): Promise<string | undefined> {
  if (signature.hasExternalData)
    return 'its weights are in other files: copy all of them yourself, the model as model.onnx';
  if (signature.bytes > mostCopiedBytes) return `it has ${(signature.bytes / 1e9).toFixed(1)} GB: copy it yourself`;
  await copyFile(path, join(folder, 'model.onnx'), constants.COPYFILE_FICLONE);
  return undefined;
}

/** What was read from the file and what was guessed, for the author to check. */
export function foundText(path: string, found: FoundInOnnx, choices: Choices, given: Partial<Choices>): string {
  const { input, output, embeddingSize, channels, features } = choices.onnx ?? {};
  const guess = (isKnown: boolean) => (isKnown ? '' : ' (a guess: the file does not say)');
  const lines = [
    `input ${JSON.stringify(input)}: ${choices.input}${features === undefined ? '' : ` ${layoutText(features)}`}${guess(found.input !== undefined || given.input !== undefined)}`,
    `output ${JSON.stringify(output)}: embeddings of ${embeddingSize}`,
    `signal: ${choices.signal}, channels: ${channels ?? (choices.signal === 'ecg' ? 12 : 1)}${guess(found.signal !== undefined || given.signal !== undefined)}`,
    `sample rate: ${choices.sampleRate} Hz${guess(found.sampleRate !== undefined || given.sampleRate !== undefined)}`,
  ];
  return `${path}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** `[n, 1, 100 frames, 64 bands]` */
function layoutText({ axes, bands, frames, oneByOne = false }: FeatureLayout): string {
  const size = {
    n: oneByOne ? '1 signal' : 'n',
    1: '1',
    bands: `${bands ?? 64} bands`,
    frames: `${frames ?? ''} frames`,
  };
  return `[${axes.map((axis) => size[axis].trim()).join(', ')}]`;
}
