import { Option, type Command } from 'commander';
import { OptionError } from '@hearken/core';
import { writeNpy } from '../files/npy.js';
import { writeFileAtomic } from '../run/write-file.node.js';
import { embedFiles } from './embed-files.node.js';
import { addModelOption, addModelOptions, findModel, type ModelOptions } from './model-options.js';
import { wholeNumber } from './parse-options.js';
import { chooseView } from './progress/choose-view.js';
import { atRecordRate, findRecordRate } from './read-ecg-signal.node.js';
import type { CommandContext } from './streams.js';

interface EmbedOptions extends ModelOptions {
  readonly model: string;
  readonly out?: string;
  readonly timestampsOut?: string;
  readonly timestampEmbeddingsOut?: string;
  readonly sampleRate?: number;
}

/** `hearken embed`: embeddings of files as `.npy`. */
export function addEmbedCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('embed')
    .description('embed audio files, ECG records, or .npy signals, into .npy files')
    .argument(
      '<files...>',
      'audio; ECGs as WFDB (.hea) or CSV; or float32 .npy of [samples], [n, samples], [channels, samples] or [n, channels, samples]',
    );
  addModelOption(command);
  addModelOptions(command)
    .option('--out <file>', 'scene embeddings, [n, size]')
    .option('--timestamps-out <file>', 'window centres in milliseconds, [n, timestamps]')
    .option('--timestamp-embeddings-out <file>', 'embeddings over time, [n, timestamps, size]')
    .addOption(
      new Option('--sample-rate <hz>', 'sample rate of .npy files, and of CSV files without a time column').argParser(
        wholeNumber(1, 10_000_000),
      ),
    )
    .action((files: string[], options: EmbedOptions) => embed(files, options, context));
}

async function embed(files: readonly string[], options: EmbedOptions, context: CommandContext): Promise<void> {
  const { out, timestampsOut, timestampEmbeddingsOut } = options;
  const timestamps = timestampsOut !== undefined || timestampEmbeddingsOut !== undefined;
  if (out === undefined && !timestamps) {
    throw new OptionError({
      asked: 'hearken embed',
      found: 'no file to write to',
      fix: 'pass --out, --timestamps-out or --timestamp-embeddings-out',
    });
  }
  const { plugin, load } = await findModel(options.model, options);
  const recordRate = await findRecordRate(files[0], plugin, options.options, options.sampleRate);
  const embedder = await load(atRecordRate(recordRate));
  const view = chooseView(context);
  const warnings: string[] = [];
  try {
    view.begin('embedding', files.length);
    const { count, scenes, timestampEmbeddings, timestampCount, ...rest } = await embedFiles(
      files,
      { plugin, embedder },
      {
        sampleRate: options.sampleRate,
        recordRate,
        scenes: out !== undefined,
        timestamps,
        abortSignal: context.abortSignal,
        onProgress: (signals) => {
          view.update(Math.min(signals, files.length), `${signals} signals`, undefined);
        },
        onWarning: (path, warning) => warnings.push(`${path}: ${warning}`),
      },
    );
    view.end();
    const write = async (path: string | undefined, data: Float32Array, shape: readonly number[]) => {
      if (path === undefined) return;
      await writeFileAtomic(path, writeNpy(data, shape));
      context.stdout.write(`${path}: float32 [${shape.join(', ')}]\n`);
    };
    await write(out, scenes, [count, embedder.sceneEmbeddingSize]);
    await write(timestampsOut, rest.timestamps, [count, timestampCount]);
    await write(timestampEmbeddingsOut, timestampEmbeddings, [count, timestampCount, embedder.timestampEmbeddingSize]);
  } finally {
    view.end();
    // A line among them would take the bar away.
    for (const warning of warnings) view.note(warning);
    await embedder.dispose();
  }
}
