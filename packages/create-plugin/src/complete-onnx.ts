import { copyFile, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ask } from './ask.js';
import type { Choices, OnnxChoices } from './choices.js';
import { type FoundInOnnx, onnxChoices } from './onnx-choices.js';
import { type OnnxSignature, onnxValueText } from './read-onnx-signature.js';

/** Larger ones are left where they are. */
const mostCopiedBytes = 2 ** 30;

/** What flags say of an ONNX file. */
export interface OnnxFlags {
  readonly output?: string;
  readonly embeddingSize?: number;
}

/** Asks for what neither the file nor a flag says. @throws OptionError where nobody answers */
export async function completeOnnx(
  path: string,
  found: FoundInOnnx,
  flags: OnnxFlags,
  ask?: Ask,
): Promise<OnnxChoices> {
  let { output, embeddingSize } = flags;
  if (ask !== undefined && output === undefined && found.outputs.length > 1) {
    const names = found.outputs.map(({ name }) => name);
    output = await ask(`Which output is the embedding: ${found.outputs.map(onnxValueText).join('; ')}`, names[0]);
  }
  const chosen = found.outputs.find(({ name }) => name === (output ?? found.outputs[0].name));
  const isKnown = typeof chosen?.shape?.at(-1) === 'number' || found.embeddingSize !== undefined;
  if (ask !== undefined && embeddingSize === undefined && !isKnown) {
    const answer = await ask('Size of the embedding, which the file does not say', '');
    embeddingSize = answer === '' ? undefined : Number(answer);
  }
  return onnxChoices(path, found, { ...(output === undefined ? {} : { output }), embeddingSize });
}

/** Puts the file into the package, where its tests look for it; undefined, or why not. */
export async function copyModel(path: string, folder: string, signature: OnnxSignature): Promise<string | undefined> {
  if (signature.hasExternalData) return 'its weights are in other files: put it and them there yourself, as model.onnx';
  if (signature.bytes > mostCopiedBytes)
    return `it has ${(signature.bytes / 1e9).toFixed(1)} GB: put it there yourself`;
  await copyFile(path, join(folder, 'model.onnx'), constants.COPYFILE_FICLONE);
  return undefined;
}

/** What was read in the file and what is a guess, for its author to check. */
export function foundText(path: string, found: FoundInOnnx, choices: Choices, given: Partial<Choices>): string {
  const { input, output, embeddingSize, channels } = choices.onnx ?? {};
  const guess = (isKnown: boolean) => (isKnown ? '' : ' (a guess: the file does not say)');
  const lines = [
    `input ${JSON.stringify(input)}: ${choices.input}${guess(found.input !== undefined || given.input !== undefined)}`,
    `output ${JSON.stringify(output)}: embeddings of ${embeddingSize}`,
    `signal: ${choices.signal}, channels: ${channels ?? (choices.signal === 'ecg' ? 12 : 1)}${guess(found.signal !== undefined || given.signal !== undefined)}`,
    `sample rate: ${choices.sampleRate} Hz${guess(found.sampleRate !== undefined || given.sampleRate !== undefined)}`,
  ];
  return `${path}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
