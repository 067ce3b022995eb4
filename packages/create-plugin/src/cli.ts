import { relative } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { isHearkenError, isOnnxPath, OptionError } from '@hearken/core';
import {
  type Ask,
  completeChoices,
  type Given,
  Stopped,
  takeDefaults,
  withoutQuestions,
  withQuestions,
} from './ask.js';
import { type Choices, type Signal, signals, splitPackageName, type Weights, weightFormats } from './choices.js';
import { completeOnnx, copyModel, foundText, type OnnxFlags } from './complete-onnx.js';
import { createPlugin, type CreatedPlugin } from './create-plugin.js';
import { checkAgainstFile, foundInOnnx } from './onnx-choices.js';
import { readOnnxSignature } from './read-onnx-signature.js';

/** Input and output of the command. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

interface Flags {
  readonly folder?: string;
  readonly scope?: string;
  readonly signal?: Signal;
  /** A format, or the path of an ONNX file. */
  readonly weights?: string;
  readonly input?: Choices['input'];
  readonly sampleRate?: number;
  readonly from?: string;
  readonly output?: string;
  readonly embeddingSize?: number;
  readonly yes?: boolean;
}

/**
 * Runs `create-hearken-plugin`.
 *
 * @returns the exit status: 0 done, 2 wrong usage, 130 stopped by the user
 */
export async function main(args: readonly string[], streams: Streams = process): Promise<number> {
  const program = new Command('create-hearken-plugin')
    .description('start a Hearken plugin: a package that builds and passes the conformance suite')
    .argument('[name]', 'short name such as my-model; the package is hearken-plugin-my-model')
    .option('--folder <folder>', "the folder to create (default: the package's name)")
    .option('--scope <scope>', 'npm scope of the package, such as @my-lab')
    .addOption(new Option('--signal <kind>', 'what kind of signals the model takes').choices(signals))
    .addOption(
      new Option(
        '--weights <format>',
        `format of the weights: ${weightFormats.join(', ')}, or the path of an ONNX file`,
      ).argParser(weightsOrPath),
    )
    .option('--from <file>', 'an existing ONNX file, which answers most of the questions')
    .option('--output <name>', 'which output of that file is the embedding')
    .addOption(new Option('--embedding-size <n>', 'size of its embeddings, if the file does not say').argParser(count))
    .addOption(new Option('--input <kind>', 'what the ONNX file takes as input').choices(['waveform', 'features']))
    .addOption(new Option('--sample-rate <hertz>', 'sample rate of the model in Hz').argParser(hertz))
    .option('--yes', 'ask nothing: use defaults for everything without a flag')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
    .action(async (name: string | undefined, { folder, yes, from, output, embeddingSize, ...flags }: Flags) => {
      const { weights, ...others } = flags;
      const named = name === undefined ? {} : splitPackageName(name);
      const asking = yes === true ? 'defaults' : streams.stdin.isTTY === true ? 'terminal' : 'nobody';
      const askIn: Asking = <Answer>(body: (ask: Ask) => Promise<Answer>) => {
        if (asking === 'terminal') return withQuestions({ input: streams.stdin, output: streams.stdout }, body);
        return asking === 'defaults' ? body(takeDefaults) : withoutQuestions(body);
      };
      const path = from ?? (weights !== undefined && isOnnxPath(weights) ? weights : undefined);
      if (path !== undefined) {
        const format = weights === undefined || weights === path ? {} : { weights: formatOf(weights, path) };
        const given = { ...named, ...others, ...format };
        const flags = { output, embeddingSize };
        streams.stdout.write(await createAround(path, given, flags, { askIn, isAsked: asking === 'terminal', folder }));
        return;
      }
      const given: Given = { ...named, ...others, ...(weights === undefined ? {} : { weights: weights as Weights }) };
      const choices = await askIn((ask) => completeChoices(given, ask));
      streams.stdout.write(nextSteps(await createPlugin(choices, folder), choices));
    });
  try {
    await program.parseAsync(withoutSeparator(args), { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Stopped) {
      streams.stderr.write('\nStopped: nothing was written.\n');
      return 130;
    }
    if (!isHearkenError(error)) throw error;
    streams.stderr.write(`Error: ${error.asked}\n  found:  ${error.found}\n  to do:  ${error.fix}\n`);
    return 2;
  }
}

/** Runs `body` with a source of answers. */
type Asking = <Answer>(body: (ask: Ask) => Promise<Answer>) => Promise<Answer>;

interface Around {
  readonly askIn: Asking;
  /** Whether there is a user to ask. */
  readonly isAsked: boolean;
  readonly folder: string | undefined;
}

/**
 * Creates the plugin around an ONNX file: what the file says is not asked, and flags that contradict it are refused.
 */
async function createAround(path: string, given: Given, flags: OnnxFlags, { askIn, isAsked, folder }: Around) {
  const signature = await readOnnxSignature(path);
  const found = foundInOnnx(path, signature);
  const check = (part: Given) => {
    checkAgainstFile(path, found, part);
  };
  check(given);
  const { signal, input, sampleRate } = found;
  const known: Given = {
    ...(signal === undefined ? {} : { signal }),
    ...(input === undefined ? {} : { input }),
    ...(sampleRate === undefined ? {} : { sampleRate }),
    ...given,
    weights: 'onnx',
  };
  const choices: Choices = await askIn(async (ask) => {
    const chosen = await completeChoices(known, ask, check);
    const onnx = await completeOnnx(path, found, { flags, kind: chosen.input }, isAsked ? ask : undefined);
    return { ...chosen, onnx };
  });
  const created = await createPlugin(choices, folder);
  // The author has to finish the front end before it fits the model.
  const missing =
    choices.input === 'features'
      ? 'first adapt the front end to the model (src/front-end.ts)'
      : await copyModel(path, created.folder, signature);
  const model =
    missing === undefined ? 'copied to model.onnx: npm test runs on it' : `not copied to model.onnx: ${missing}`;
  return `${foundText(path, found, choices, { ...given, ...(isAsked ? choices : {}) })}  ${model}\n\n${nextSteps(created, choices, missing === undefined ? 'model.onnx' : undefined)}`;
}

/**
 * npm consumes the `--` before flags; other ways to start this pass it on, and everything after it would be taken as
 * names.
 */
function withoutSeparator(args: readonly string[]): string[] {
  const separator = args.indexOf('--');
  return args.filter((_, index) => index !== separator);
}

function weightsOrPath(text: string): string {
  if ((weightFormats as readonly string[]).includes(text) || isOnnxPath(text)) return text;
  throw new InvalidArgumentError(`Allowed choices are ${weightFormats.join(', ')}, or the path of an ONNX file.`);
}

/** A format given in addition to an ONNX file; anything but ONNX contradicts the file and is refused. */
function formatOf(weights: string, path: string): Weights {
  if (!isOnnxPath(weights)) return weights as Weights;
  const found = `a different file than '${path}' of --from`;
  throw new OptionError({ asked: `--weights ${weights}`, found, fix: 'pass the file only once' });
}

function count(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Not a whole number of at least 1.');
}

function hertz(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Not a whole number of Hz.');
}

function nextSteps(
  { packageName, folder, files }: CreatedPlugin,
  { weights }: Choices,
  checkpointFile = 'YOUR_FILE',
): string {
  const place = relative(process.cwd(), folder) || '.';
  const checkpoint = weights === 'none' ? '' : ` --checkpoint ${checkpointFile}`;
  return `${packageName}: ${files.length} files in ${place}

  cd ${JSON.stringify(place)}
  npm install
  npm test
  npm run build && npx hearken validate .${checkpoint}

README.md says what to change, in order.
`;
}
