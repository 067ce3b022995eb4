import { createInterface } from 'node:readline/promises';

/**
 * Asks for yes or no on a terminal; anything but `y` or `yes`, and the end of the input, is no.
 *
 * @throws the abort signal's reason
 */
export async function askYesOrNo(
  question: string,
  { input, output }: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream },
  abortSignal?: AbortSignal,
): Promise<boolean> {
  abortSignal?.throwIfAborted();
  // Not as a terminal of readline's own: Ctrl-C stays a signal, which the command handles.
  const lines = createInterface({ input, output, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => {
      lines.once('close', () => {
        resolve('');
      });
    });
    const answered = lines.question(`${question} [y/N] `, abortSignal === undefined ? {} : { signal: abortSignal });
    answered.catch(() => undefined);
    return /^y(?:es)?$/i.test((await Promise.race([answered, ended])).trim());
  } catch (error) {
    abortSignal?.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}
