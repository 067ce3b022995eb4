import { createInterface } from 'node:readline/promises';

/** Where questions are asked. */
interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks a yes/no question on a terminal; anything but `y` or `yes`, and the end of the input, is no.
 *
 * @throws the abort signal's reason
 */
export async function askYesOrNo(question: string, terminal: Terminal, abortSignal?: AbortSignal): Promise<boolean> {
  return /^y(?:es)?$/i.test(await answerTo(`${question} [y/N] `, terminal, abortSignal));
}

/**
 * Asks a yes/no question that has no safe default; any other answer, and the end of the input, is undefined.
 *
 * @throws the abort signal's reason
 */
export async function askYesNoOrUnknown(
  question: string,
  terminal: Terminal,
  abortSignal?: AbortSignal,
): Promise<boolean | undefined> {
  const answer = await answerTo(`${question} [y/n, Enter: don't know] `, terminal, abortSignal);
  if (/^y(?:es)?$/i.test(answer)) return true;
  return /^no?$/i.test(answer) ? false : undefined;
}

async function answerTo(prompt: string, { input, output }: Terminal, abortSignal?: AbortSignal): Promise<string> {
  abortSignal?.throwIfAborted();
  // Not readline's terminal mode: Ctrl-C stays a signal, which the command handles.
  const lines = createInterface({ input, output, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => {
      lines.once('close', () => {
        resolve('');
      });
    });
    const answered = lines.question(prompt, abortSignal === undefined ? {} : { signal: abortSignal });
    answered.catch(() => undefined);
    return (await Promise.race([answered, ended])).trim();
  } catch (error) {
    abortSignal?.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
