import { relative } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { isHearkenError } from '@hearken/core';
import { completeChoices, type Given, withQuestions } from './ask.js';
import { type Choices, type Signal, signals, splitPackageName, type Weights, weightFormats } from './choices.js';
import { createPlugin, type CreatedPlugin } from './create-plugin.js';

/** Where the command reads and writes. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

interface Flags {
  readonly folder?: string;
  readonly scope?: string;
  readonly signal?: Signal;
  readonly weights?: Weights;
  readonly input?: Choices['input'];
  readonly sampleRate?: number;
  readonly yes?: boolean;
}

/**
 * Runs `create-hearken-plugin`.
 *
 * @returns the exit status: 0 done, 2 the call was wrong
 */
export async function main(args: readonly string[], streams: Streams = process): Promise<number> {
  const program = new Command('create-hearken-plugin')
    .description('start a Hearken plugin: a package that builds and passes the conformance suite')
    .argument('[name]', 'short name such as my-model; the package is hearken-plugin-my-model')
    .option('--folder <folder>', "where to (default: the package's name)")
    .option('--scope <scope>', 'npm scope of the package, such as @my-lab')
    .addOption(new Option('--signal <kind>', 'what the model hears').choices(signals))
    .addOption(new Option('--weights <format>', 'what the weights are in').choices(weightFormats))
    .addOption(new Option('--input <kind>', 'what an ONNX file takes').choices(['waveform', 'features']))
    .addOption(new Option('--sample-rate <hertz>', 'Hz that the model takes').argParser(hertz))
    .option('--yes', 'ask nothing: take the default for what no flag says')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
    .action(async (name: string | undefined, { folder, yes, ...flags }: Flags) => {
      const given: Given = { ...(name === undefined ? {} : splitPackageName(name)), ...flags };
      const asks = yes !== true && streams.stdin.isTTY === true;
      const choices = asks
        ? await withQuestions({ input: streams.stdin, output: streams.stdout }, (ask) => completeChoices(given, ask))
        : await completeChoices(given, (_, fallback) => Promise.resolve(fallback));
      streams.stdout.write(nextSteps(await createPlugin(choices, folder), choices));
    });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!isHearkenError(error)) throw error;
    streams.stderr.write(`Error: ${error.asked}\n  found:  ${error.found}\n  to do:  ${error.fix}\n`);
    return 2;
  }
}

function hertz(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Not a whole number of Hz.');
}

function nextSteps({ packageName, folder, files }: CreatedPlugin, { weights }: Choices): string {
  const place = relative(process.cwd(), folder) || '.';
  const checkpoint = weights === 'none' ? '' : ' --checkpoint YOUR_FILE';
  return `${packageName}: ${files.length} files in ${place}

  cd ${JSON.stringify(place)}
  npm install
  npm test
  npm run build && npx hearken validate .${checkpoint}

README.md says what to change, in order.
`;
}
