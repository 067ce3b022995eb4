import { OptionError } from '@hearken/core';

export const signals = ['audio', 'ecg'] as const;
/** What a model listens to. */
export type Signal = (typeof signals)[number];

export const weightFormats = ['safetensors', 'pytorch', 'onnx', 'none'] as const;
/** What a model's weights are kept in. */
export type Weights = (typeof weightFormats)[number];

/** Where an author starts from; the name of a folder of templates. */
export const starts = ['onnx-waveform', 'onnx-features', 'graph', 'typescript'] as const;
/** The starting point of a new plugin. */
export type Start = (typeof starts)[number];

/** What an author says of the plugin to be. */
export interface Choices {
  /** Short name, the part before the colon in `plugin:model`. */
  readonly name: string;
  /** npm scope with its `@`, where the package is to have one. */
  readonly scope?: string;
  /** What the model listens to. */
  readonly signal: Signal;
  /** What its weights are kept in. */
  readonly weights: Weights;
  /** What an existing ONNX file takes. */
  readonly input: 'waveform' | 'features';
  /** Hz. */
  readonly sampleRate: number;
  /** Of the ONNX file that the plugin is for, where there is one already. */
  readonly onnx?: OnnxChoices;
}

/** An axis of features: signals, the one channel that images have, bands or frames. */
export type FeatureAxis = 'n' | '1' | 'bands' | 'frames';

/** How features lie in the input of a model. */
export interface FeatureLayout {
  /** The axes of the input, in order. */
  readonly axes: readonly FeatureAxis[];
  /** Absent: 64. */
  readonly bands?: number;
  /** Absent: any number of them. */
  readonly frames?: number;
  /** Whether the model takes one signal a call. */
  readonly oneByOne?: boolean;
}

/** What an existing ONNX file says of the plugin around it. */
export interface OnnxChoices {
  /** Path of the file. */
  readonly path: string;
  /** Name of the input. */
  readonly input: string;
  /** Name of the output that is the embedding. */
  readonly output: string;
  /** Values of an embedding. */
  readonly embeddingSize: number;
  /** Channels of a waveform; absent: as the signal has them. */
  readonly channels?: number;
  /** How features lie in the input; absent: `[n, bands, frames]`, 64 bands. */
  readonly features?: FeatureLayout;
}

/** The package that wraps ONNX files; plugins that are made from one depend on it. */
export const onnxPluginPackage = '@hearken/plugin-onnx';
/** Names of Hearken's plugins, and names that would be mistaken for something else. */
const takenNames = ['baseline', 'efficientat', 'hear', 'hubert-ecg', 'patchmix', 'onnx', 'plugin', 'core', 'bench'];

/** Hz that models of a signal usually take; HEAR allows these for audio. */
export const usualSampleRates: Readonly<Record<Signal, readonly number[]>> = {
  audio: [16_000, 22_050, 32_000, 44_100, 48_000],
  ecg: [500, 250, 400, 1000],
};

/** `hearken-plugin-x` and `@scope/hearken-plugin-x` are `x` and its scope. */
export function splitPackageName(text: string): Pick<Choices, 'name' | 'scope'> {
  const [, scope, name] = /^(?:(@[^/]+)\/)?(?:hearken-plugin-)?(.*)$/s.exec(text) ?? [];
  return { name, ...(scope === undefined ? {} : { scope }) };
}

/** Checks what an author chose. @throws OptionError */
export function checkChoices(choices: Choices): void {
  checkName(choices);
  checkPart(choices);
}

/** Checks what a plugin is to be called. @throws OptionError */
export function checkName({ name = '', scope }: Partial<Pick<Choices, 'name' | 'scope'>>): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 50) {
    const found = 'not lower-case letters and digits, in words with a hyphen between, beginning with a letter';
    throw refused(`a plugin called '${name.slice(0, 80)}'`, found, "choose a name such as 'my-model'");
  }
  if (takenNames.includes(name)) {
    throw refused(`a plugin called '${name}'`, 'a name that Hearken uses', `choose another, such as 'my-${name}'`);
  }
  if (scope !== undefined && !isScope(scope)) {
    const fix = `write it as '${isScope(`@${scope}`) ? `@${scope}` : '@my-lab'}'`;
    throw refused(`scope '${scope.slice(0, 80)}'`, 'no npm scope', fix);
  }
  if (scope === '@hearken')
    throw refused(`scope '${scope}'`, "that of Hearken's own packages", 'use one of yours, or none');
}

/** Checks as much as has been chosen, but for the name. @throws OptionError */
export function checkPart({ signal, weights, input, sampleRate, onnx }: Partial<Choices>): void {
  if (sampleRate !== undefined && (!Number.isSafeInteger(sampleRate) || sampleRate < 50 || sampleRate > 400_000)) {
    throw refused(`sample rate ${sampleRate}`, 'no whole number from 50 to 400000', 'pass the Hz that the model takes');
  }
  for (const [what, value] of Object.entries({ embeddingSize: onnx?.embeddingSize, channels: onnx?.channels })) {
    if (value !== undefined) checkCount(what, value);
  }
  if (signal === 'ecg' && weights === 'onnx' && input === 'features') {
    const fix = 'choose input waveform, or start from a graph (weights safetensors or pytorch)';
    throw refused('an ECG model of features', 'a front end that is of audio (log-mel)', fix);
  }
}

/** Checks a number of values or channels. @throws OptionError */
export function checkCount(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0 && value <= 1e6) return;
  throw refused(`${what} ${value}`, 'no whole number from 1 to 1000000', 'pass the one that the model has');
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
