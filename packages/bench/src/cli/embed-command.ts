import { Option, type Command } from 'commander';
import { OptionError } from '@hearken/core';
import { writeNpy } from '../files/npy.js';
import { writeFileAtomic } from '../run/write-file.node.js';
import { embedFiles } from './embed-files.node.js';
import { addModelOption, addModelOptions, findModel, type ModelOptions } from './model-options.js';
import { wholeNumber } from './parse-options.js';
import { chooseView } from './progress/choose-view.js';
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
    .description('embed audio files, or .npy signals, into .npy files')
    .argument(
      '<files...>',
      'audio, or float32 .npy of [samples], [n, samples], [channels, samples] or [n, channels, samples]',
    );
  addModelOption(command);
  addModelOptions(command)
    .option('--out <file>', 'scene embeddings, [n, size]')
    .option('--timestamps-out <file>', 'window centres in milliseconds, [n, timestamps]')
    .option('--timestamp-embeddings-out <file>', 'embeddings over time, [n, timestamps, size]')
    .addOption(new Option('--sample-rate <hz>', 'sample rate of .npy files').argParser(wholeNumber(1, 10_000_000)))
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
  const embedder = await load();
  const view = chooseView(context);
  try {
    view.begin('embedding', files.length);
    const { count, scenes, timestampEmbeddings, timestampCount, ...rest } = await embedFiles(
      files,
      { plugin, embedder },
      {
        sampleRate: options.sampleRate,
        scenes: out !== undefined,
        timestamps,
        abortSignal: context.abortSignal,
        onProgress: (signals) => {
          view.update(Math.min(signals, files.length), `${signals} signals`, undefined);
        },
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
    await embedder.dispose();
  }
}
