import { createInterface } from 'node:readline/promises';
import {
  type Choices,
  type Signal,
  signals,
  splitPackageName,
  usualSampleRates,
  type Weights,
  weightFormats,
} from './choices.js';

/** What flags said; the rest is asked, or the default. */
export type Given = Partial<Choices>;

/** Asks one question; an empty answer is the default. */
export type Ask = (question: string, fallback: string) => Promise<string>;

/** A terminal. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Runs `body` with a way to ask on a terminal. */
export async function withQuestions<Answer>({ input, output }: Terminal, body: (ask: Ask) => Promise<Answer>) {
  const lines = createInterface({ input, output });
  try {
    return await body(async (question, fallback) => {
      const answer = await lines.question(`${question}${fallback === '' ? '' : ` (${fallback})`}: `);
      return answer.trim() === '' ? fallback : answer.trim();
    });
  } finally {
    lines.close();
  }
}

/** Asks for what was not given. Answers are not checked here but for being one of the choices. */
export async function completeChoices(given: Given, ask: Ask): Promise<Choices> {
  const named: Partial<Choices> =
    given.name === undefined ? splitPackageName(await ask('Name of the plugin, such as my-model', '')) : {};
  const name = given.name ?? named.name ?? '';
  const scope = given.scope ?? named.scope;
  const signal = given.signal ?? (await choose<Signal>(ask, 'Signal', signals, 'audio'));
  const weights = given.weights ?? (await choose<Weights>(ask, 'Weights', weightFormats, 'safetensors'));
  const isAudioOnnx = weights === 'onnx' && signal === 'audio';
  const input =
    given.input ??
    (isAudioOnnx
      ? await choose(ask, 'The ONNX file takes', ['waveform', 'features'] as const, 'waveform')
      : 'waveform');
  const [usual] = usualSampleRates[signal];
  const sampleRate = given.sampleRate ?? Number(await ask('Sample rate in Hz', String(usual)));
  return { name, ...(scope === undefined ? {} : { scope }), signal, weights, input, sampleRate };
}

async function choose<Choice extends string>(
  ask: Ask,
  question: string,
  choices: readonly Choice[],
  fallback: Choice,
): Promise<Choice> {
  for (;;) {
    const answer = await ask(`${question}: ${choices.join(', ')}`, fallback);
    const chosen = choices.find((choice) => choice === answer.toLowerCase());
    if (chosen !== undefined) return chosen;
  }
}
