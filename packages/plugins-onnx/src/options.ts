import { type LoadOptions, OptionError } from '@hearken/core';

/** What the options, a manifest or the file itself say about a model. */
export interface OnnxOptions {
  /** Sample rate in Hz. */
  readonly sampleRate?: number;
  /** Channels of a signal; default: from the input's shape, else 1. */
  readonly channels?: number;
  /** Name of the input; default: the only one. */
  readonly input?: string;
  /** Name of the output; default: the only one, or the one called `embedding`. */
  readonly output?: string;
  /** Samples per window; default: from the input's shape, else scenes are embedded whole. */
  readonly window?: number;
  /** Samples from one window of a long scene to the next; default: half a window. */
  readonly hop?: number;
  /** Samples from one timestamp to the next; default: 50 ms, or a twentieth of a window over 1 s. */
  readonly timestampHop?: number;
}

/** One line of help per option. */
export const optionHelp = {
  sampleRate: 'sample rate of the model in Hz; needed if the file does not say',
  channels: 'channels of a signal; default: from the input, else 1 (12 for an ECG)',
  input: 'name of the input; default: the only one',
  output: "name of the output; default: the only one, or 'embedding'",
  window: 'samples per window; default: from the input, else scenes are embedded whole',
  hop: 'samples between the windows of a long scene; default: half a window',
  timestampHop: 'samples between timestamps; default: 50 ms, or a twentieth of a window over 1 s',
} as const satisfies Record<keyof OnnxOptions, string>;

const numbers = ['sampleRate', 'channels', 'window', 'hop', 'timestampHop'] as const;
const names = ['input', 'output'] as const;

/** Checks the values of the options. @throws OptionError */
export function checkOptions(options: LoadOptions): OnnxOptions {
  for (const name of numbers) {
    const value = options[name];
    if (value === undefined || (Number.isSafeInteger(value) && Number(value) > 0)) continue;
    throw wrong(name, value, 'a whole number of at least 1');
  }
  for (const name of names) {
    const value = options[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) continue;
    throw wrong(name, value, 'a name');
  }
  const given = [...numbers, ...names].filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

function wrong(name: keyof OnnxOptions, value: unknown, needed: string): OptionError {
  return new OptionError({
    asked: `option ${name} ${JSON.stringify(value)}`,
    found: `not ${needed}`,
    fix: `${name}: ${optionHelp[name]}`,
  });
}
