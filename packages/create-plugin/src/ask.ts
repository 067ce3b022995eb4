import { createInterface } from 'node:readline/promises';
import { isHearkenError, OptionError } from '@hearken/core';
import {
  checkName,
  checkPart,
  type Choices,
  type Signal,
  signals,
  splitPackageName,
  usualSampleRates,
  type Weights,
  weightFormats,
} from './choices.js';

/** Answers from flags; the rest is asked, or takes the default. */
export type Given = Partial<Choices>;

/** One question. */
export interface Question<Answer> {
  readonly text: string;
  /** The value of an empty answer; empty: an answer is required. */
  readonly fallback: string;
  /** The flag that answers it on the command line. */
  readonly flag: string;
  /** Parses an answer. @throws OptionError for an invalid one */
  readonly read: (answer: string) => Answer;
}

/** Asks one question. */
export type Ask = <Answer>(question: Question<Answer>) => Promise<Answer>;

/** A terminal. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** The user stopped: Ctrl+C, or the end of the input. */
export class Stopped extends Error {}

/** Runs `body` with a way to ask on a terminal. Invalid answers are asked for again. @throws Stopped */
export async function withQuestions<Answer>({ input, output }: Terminal, body: (ask: Ask) => Promise<Answer>) {
  const lines = createInterface({ input, output });
  const stopped = new Promise<never>((_, reject) => {
    lines.once('close', () => {
      reject(new Stopped());
    });
  });
  stopped.catch(() => undefined);
  lines.once('SIGINT', () => {
    lines.close();
  });
  try {
    return await body(async ({ text, fallback, read }) => {
      for (;;) {
        const answer = await Promise.race([
          stopped,
          lines.question(`${text}${fallback === '' ? '' : ` (${fallback})`}: `),
        ]);
        try {
          return read(answer.trim() === '' ? fallback : answer.trim());
        } catch (error) {
          if (!isHearkenError(error)) throw error;
          output.write(`  ${error.asked}: ${error.found}; ${error.fix}\n`);
        }
      }
    });
  } finally {
    lines.close();
  }
}

/** Uses the default of every question. */
export const takeDefaults: Ask = async ({ fallback, read }) => Promise.resolve(read(fallback));

/**
 * Runs `body` without anyone to ask.
 *
 * @throws OptionError naming the flags that would have answered
 */
export async function withoutQuestions<Answer>(body: (ask: Ask) => Promise<Answer>): Promise<Answer> {
  const unanswered: string[] = [];
  const refused = () =>
    new OptionError({
      asked: `an answer for ${unanswered.join(', ')}`,
      found: 'not a terminal, so nobody can be asked',
      fix: `pass ${unanswered.length === 1 ? 'it' : 'them'}, or --yes for the defaults`,
    });
  const answer = await body(async ({ fallback, flag, read }) => {
    unanswered.push(fallback === '' ? flag : `${flag} (default ${fallback})`);
    if (fallback === '') throw refused();
    return Promise.resolve(read(fallback));
  });
  if (unanswered.length > 0) throw refused();
  return answer;
}

/**
 * Asks for everything that was not given.
 *
 * @param check throws an OptionError for answers that contradict what else is known, such as a file
 * @throws OptionError for invalid flags, before anything is asked
 */
export async function completeChoices(
  given: Given,
  ask: Ask,
  check: (part: Given) => void = () => undefined,
): Promise<Choices> {
  let known = given;
  const checked = (part: Given): Given => {
    checkPart({ ...known, ...part });
    check(part);
    return part;
  };
  const learn = async (question: Question<Given>) => {
    known = { ...known, ...(await ask(question)) };
  };
  if (given.name !== undefined) checkName(given);
  checked(given);
  if (given.name === undefined) {
    await learn({
      text: 'Name of the plugin, such as my-model',
      fallback: '',
      flag: 'the name',
      read: (answer) => {
        const named = { ...splitPackageName(answer), ...(given.scope === undefined ? {} : { scope: given.scope }) };
        checkName(named);
        return named;
      },
    });
  }
  const choose = <Choice extends string>(
    key: keyof Given,
    text: string,
    flag: string,
    choices: readonly Choice[],
    fallback: Choice,
  ) =>
    learn({
      text: `${text}: ${choices.join(', ')}`,
      fallback,
      flag,
      read: (answer) => checked({ [key]: oneOf(text, choices, answer) }),
    });
  if (known.signal === undefined) await choose<Signal>('signal', 'Signal', '--signal', signals, 'audio');
  if (known.weights === undefined)
    await choose<Weights>('weights', 'Weights', '--weights', weightFormats, 'safetensors');
  const { signal = 'audio', weights = 'safetensors' } = known;
  if (known.input === undefined && weights === 'onnx' && signal === 'audio') {
    await choose('input', 'The ONNX file takes', '--input', ['waveform', 'features'] as const, 'waveform');
  }
  if (known.sampleRate === undefined) {
    await learn({
      text: 'Sample rate in Hz',
      fallback: String(usualSampleRates[signal][0]),
      flag: '--sample-rate',
      read: (answer) => checked({ sampleRate: Number(answer) }),
    });
  }
  const { name = '', scope, input = 'waveform', sampleRate = NaN } = known;
  return { name, ...(scope === undefined ? {} : { scope }), signal, weights, input, sampleRate };
}

function oneOf<Choice extends string>(what: string, choices: readonly Choice[], answer: string): Choice {
  const chosen = choices.find((choice) => choice === answer.toLowerCase());
  if (chosen !== undefined) return chosen;
  const found = 'not one of the choices';
  throw new OptionError({ asked: `${what} '${answer.slice(0, 80)}'`, found, fix: `choose ${choices.join(', ')}` });
}
