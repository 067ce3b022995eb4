import { InvalidArgumentError, Option, type Command } from 'commander';
import { OptionError, type Plugin } from '@hearken/core';
import { embedFiles, isUnreadable } from './embed-files.node.js';
import { EmbedOutputs } from './embed-outputs.node.js';
import { pcmFormats } from './embed-pcm-chunks.js';
import { embedStandardInput, type EmbedStandardInputOptions } from './embed-standard-input.node.js';
import { addModelOption, addModelOptions, findModel } from './model-options.js';
import { hertz, wholeNumber } from './parse-options.js';
import { chooseView } from './progress/bar-view.js';
import { exampleModels } from '@hearken/results/internal';
import { atRecordRate, findRecordRate } from './read-ecg-signal.node.js';
import type { CommandContext } from './streams.js';

interface EmbedOptions extends EmbedStandardInputOptions {
  readonly skipUnreadable?: boolean;
}

/** Options for streams, which do not apply to files. */
const streamOptions = ['format', 'channels', 'hop', 'json'] as const;

const streamHelp = `
Standard input ('-') is raw PCM and is embedded as it arrives:
  arecord -t raw -f S16_LE -c 1 -r 32000 | hearken embed - --sample-rate 32000 --model ${exampleModels.released} --json`;

/** `hearken embed`: embeddings of files as `.npy`. */
export function addEmbedCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('embed')
    .description('embed audio files, ECG records or .npy signals into .npy files')
    .argument(
      '<files...>',
      'audio; ECGs as WFDB (.hea), EDF, BDF or CSV; float32 .npy of [samples], [n, samples], [channels, samples] or [n, channels, samples]; or - for raw PCM on standard input',
    );
  addModelOption(command);
  addModelOptions(command)
    .option('--out <file>', 'scene embeddings, [n, size]')
    .option('--timestamps-out <file>', 'window centres in milliseconds, [n, timestamps]')
    .option('--timestamp-embeddings-out <file>', 'embeddings over time, [n, timestamps, size]')
    .addOption(
      new Option(
        '--sample-rate <hz>',
        'sample rate of .npy files, of CSV files without a time column, and of standard input',
      ).argParser(hertz),
    )
    .option('--skip-unreadable', 'skip files that are missing or cannot be read, with a warning; they get no rows')
    .addOption(new Option('--format <name>', 'samples on standard input (default: s16le)').choices([...pcmFormats]))
    .addOption(
      new Option('--channels <n>', 'interleaved channels on standard input, mixed down (default: 1)').argParser(
        wholeNumber(1, 256),
      ),
    )
    .addOption(
      new Option('--hop <ms>', "time between timestamps, for standard input (default: the model's)").argParser(
        milliseconds,
      ),
    )
    .option('--json', 'print a line {"timestamp", "embedding"} for each timestamp of standard input')
    .addHelpText('after', streamHelp)
    .action((files: string[], options: EmbedOptions) =>
      files.includes('-') ? embedStream(files, options, context) : embed(files, options, context),
    );
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError('Not a number of milliseconds.');
}

async function embedStream(files: readonly string[], options: EmbedOptions, context: CommandContext): Promise<void> {
  if (options.skipUnreadable === true) {
    const fix = 'leave it out, or pass files';
    throw new OptionError({ asked: '--skip-unreadable', found: 'standard input instead of files', fix });
  }
  if (files.length === 1) return embedStandardInput(options, context);
  throw new OptionError({
    asked: 'hearken embed -',
    found: `standard input among ${files.length} files`,
    fix: 'embed it separately',
  });
}

/** The sample rate of the first record, or of the first readable one if others are skipped. */
async function findFirstRate(
  files: readonly string[],
  plugin: Plugin,
  { options, sampleRate, skipUnreadable }: EmbedOptions,
): Promise<number | undefined> {
  for (const file of skipUnreadable === true ? files.slice(0, -1) : []) {
    try {
      return await findRecordRate(file, plugin, options, sampleRate);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
  return findRecordRate(skipUnreadable === true ? files[files.length - 1] : files[0], plugin, options, sampleRate);
}

async function embed(files: readonly string[], options: EmbedOptions, context: CommandContext): Promise<void> {
  const { out, timestampsOut, timestampEmbeddingsOut } = options;
  const misplaced = streamOptions.find((name) => options[name] !== undefined);
  if (misplaced !== undefined) {
    const fix = 'leave it out, or pass - and pipe raw PCM in';
    throw new OptionError({ asked: `--${misplaced}`, found: 'files instead of standard input', fix });
  }
  const timestamps = timestampsOut !== undefined || timestampEmbeddingsOut !== undefined;
  if (out === undefined && !timestamps) {
    throw new OptionError({
      asked: 'hearken embed',
      found: 'no output file',
      fix: 'pass --out, --timestamps-out or --timestamp-embeddings-out',
    });
  }
  const { plugin, load } = await findModel(options.model, options);
  const recordRate = await findFirstRate(files, plugin, options);
  const embedder = await load(atRecordRate(recordRate));
  const view = chooseView(context);
  const warnings: string[] = [];
  const leftOut: string[] = [];
  let outputs: EmbedOutputs | undefined;
  try {
    outputs = await EmbedOutputs.open(options);
    view.begin('embedding', files.length);
    const embedded = await embedFiles(
      files,
      { plugin, embedder },
      {
        sampleRate: options.sampleRate,
        recordRate,
        scenes: out !== undefined,
        timestamps,
        ...(options.skipUnreadable === true
          ? {
              onUnreadable: (path, { found }) => leftOut.push(`${path}: skipped, because it cannot be read (${found})`),
            }
          : {}),
        abortSignal: context.abortSignal,
        onProgress: (signals) => {
          view.update(Math.min(signals, files.length), `${signals} signals`, undefined);
        },
        onWarning: (path, warning) => warnings.push(`${path}: ${warning}`),
      },
      outputs,
    );
    view.end();
    if (embedded.count === 0) {
      throw new OptionError({
        asked: `embeddings of ${files.length} ${files.length === 1 ? 'file' : 'files'}`,
        found: 'no readable files',
        fix: 'check the paths',
      });
    }
    await outputs.finish(embedded, embedder, context.stdout);
  } finally {
    view.end();
    await outputs?.discard();
    // Warnings between updates would erase the progress bar.
    for (const line of [...warnings, ...leftOut]) view.note(line);
    await embedder.dispose();
  }
}
