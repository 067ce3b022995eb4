import { OptionError } from '@hearken/core';

export const signals = ['audio', 'ecg'] as const;
/** The kinds of signals that a model takes. */
export type Signal = (typeof signals)[number];

export const weightFormats = ['safetensors', 'pytorch', 'onnx', 'none'] as const;
/** Formats of a model's weights. */
export type Weights = (typeof weightFormats)[number];

/** The starting point of an author: the name of a folder of templates. */
export const starts = ['onnx-waveform', 'onnx-features', 'graph', 'typescript'] as const;
/** The starting point of a new plugin. */
export type Start = (typeof starts)[number];

/** An author's choices for a new plugin. */
export interface Choices {
  /** Short name, the part before the colon in `plugin:model`. */
  readonly name: string;
  /** npm scope with its `@`, if the package should have one. */
  readonly scope?: string;
  /** The kind of signals that the model takes. */
  readonly signal: Signal;
  /** Format of its weights. */
  readonly weights: Weights;
  /** Input of an existing ONNX file. */
  readonly input: 'waveform' | 'features';
  /** Sample rate in Hz. */
  readonly sampleRate: number;
  /** The ONNX file that the plugin is for, if there already is one. */
  readonly onnx?: OnnxChoices;
}

/** An axis of features: signals, the single channel of images, bands or frames. */
export type FeatureAxis = 'n' | '1' | 'bands' | 'frames';

/** The layout of features in the input of a model. */
export interface FeatureLayout {
  /** The axes of the input, in order. */
  readonly axes: readonly FeatureAxis[];
  /** Absent: 64. */
  readonly bands?: number;
  /** Absent: any number. */
  readonly frames?: number;
  /** Whether the model takes one signal per call. */
  readonly oneByOne?: boolean;
}

/** What an existing ONNX file determines about its plugin. */
export interface OnnxChoices {
  /** Path of the file. */
  readonly path: string;
  /** Name of the input. */
  readonly input: string;
  /** Name of the output that is the embedding. */
  readonly output: string;
  /** Number of values in an embedding. */
  readonly embeddingSize: number;
  /** Channels of a waveform; absent: as in the signal. */
  readonly channels?: number;
  /** Layout of features in the input; absent: `[n, bands, frames]`, 64 bands. */
  readonly features?: FeatureLayout;
}

/** The package that wraps ONNX files; plugins made from one depend on it. */
export const onnxPluginPackage = '@hearken/plugin-onnx';
/** Names of Hearken's plugins, and names that would be mistaken for something else. */
const takenNames = ['baseline', 'efficientat', 'hear', 'hubert-ecg', 'patchmix', 'onnx', 'plugin', 'core', 'bench'];

/** Usual sample rates in Hz by kind of signal; HEAR allows these for audio. */
export const usualSampleRates: Readonly<Record<Signal, readonly number[]>> = {
  audio: [16_000, 22_050, 32_000, 44_100, 48_000],
  ecg: [500, 250, 400, 1000],
};

/** `hearken-plugin-x` and `@scope/hearken-plugin-x` are `x` and its scope. */
export function splitPackageName(text: string): Pick<Choices, 'name' | 'scope'> {
  const [, scope, name] = /^(?:(@[^/]+)\/)?(?:hearken-plugin-)?(.*)$/s.exec(text) ?? [];
  return { name, ...(scope === undefined ? {} : { scope }) };
}

/** Checks an author's choices. @throws OptionError */
export function checkChoices(choices: Choices): void {
  checkName(choices);
  checkPart(choices);
}

/** Checks the name of a plugin. @throws OptionError */
export function checkName({ name = '', scope }: Partial<Pick<Choices, 'name' | 'scope'>>): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 50) {
    const found = 'not lower-case letters and digits, in words separated by hyphens, beginning with a letter';
    throw refused(`a plugin called '${name.slice(0, 80)}'`, found, "choose a name such as 'my-model'");
  }
  if (takenNames.includes(name)) {
    throw refused(
      `a plugin called '${name}'`,
      'a name that is reserved by Hearken',
      `choose another, such as 'my-${name}'`,
    );
  }
  if (scope !== undefined && !isScope(scope)) {
    const fix = `write it as '${isScope(`@${scope}`) ? `@${scope}` : '@my-lab'}'`;
    throw refused(`scope '${scope.slice(0, 80)}'`, 'not an npm scope', fix);
  }
  if (scope === '@hearken')
    throw refused(`scope '${scope}'`, "the scope of Hearken's packages", 'use one of yours, or none');
}

/** Checks the choices made so far, except for the name. @throws OptionError */
export function checkPart({ signal, weights, input, sampleRate, onnx }: Partial<Choices>): void {
  if (sampleRate !== undefined && (!Number.isSafeInteger(sampleRate) || sampleRate < 50 || sampleRate > 400_000)) {
    throw refused(
      `sample rate ${sampleRate}`,
      'not a whole number from 50 to 400000',
      "pass the model's sample rate in Hz",
    );
  }
  for (const [what, value] of Object.entries({ embeddingSize: onnx?.embeddingSize, channels: onnx?.channels })) {
    if (value !== undefined) checkCount(what, value);
  }
  if (signal === 'ecg' && weights === 'onnx' && input === 'features') {
    const fix = 'choose input waveform, or start from a graph (weights safetensors or pytorch)';
    throw refused('an ECG model of features', 'a front end that is for audio (log-mel)', fix);
  }
}

/** Checks a number of values or channels. @throws OptionError */
export function checkCount(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0 && value <= 1e6) return;
  throw refused(`${what} ${value}`, 'not a whole number from 1 to 1000000', "pass the model's actual number");
}

function isScope(text: string): boolean {
  return /^@[a-z0-9][a-z0-9._-]*$/.test(text) && text.length <= 100;
}

function refused(asked: string, found: string, fix: string): OptionError {
  return new OptionError({ asked, found, fix });
}

/** The starting point that fits the weights. */
export function startOf({ weights, input }: Pick<Choices, 'weights' | 'input'>): Start {
  if (weights === 'onnx') return input === 'features' ? 'onnx-features' : 'onnx-waveform';
  return weights === 'none' ? 'typescript' : 'graph';
}
