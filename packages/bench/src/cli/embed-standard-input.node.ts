import { modelName } from '@hearken/results';
import { namedModel } from '../models/index.js';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { OptionError, type Embedder } from '@hearken/core';
import { streamEmbeddings, streamLatency, type StreamedEmbeddings, type StreamOptions } from '@hearken/core/streaming';
import { NpyAppender } from './embed-outputs.node.js';
import { pcmChunks, type PcmFormat } from './embed-pcm-chunks.js';
import { findModel, type ModelOptions } from './model-options.js';
import type { CommandContext } from './streams.js';

/** The options of `hearken embed -`. */
export interface EmbedStandardInputOptions extends ModelOptions {
  readonly model: string;
  readonly out?: string;
  readonly timestampsOut?: string;
  readonly timestampEmbeddingsOut?: string;
  readonly json?: boolean;
  readonly sampleRate?: number;
  readonly format?: PcmFormat;
  readonly channels?: number;
  readonly hop?: number;
}

/** Where the embeddings of a stream go, batch by batch. */
interface Output {
  write(embeddings: StreamedEmbeddings): Promise<void>;
  /** Called after the last batch, with the total number of timestamps. */
  finish(count: number): Promise<void>;
  /** Called in any case, also after errors. */
  close(): Promise<void>;
}

/**
 * `hearken embed -`: timestamp embeddings of raw PCM as it arrives.
 *
 * @throws OptionError if the options do not describe the bytes, or the model does not stream
 */
export async function embedStandardInput(
  options: EmbedStandardInputOptions,
  context: CommandContext,
  input: Readable = process.stdin,
): Promise<void> {
  const { sampleRate, hop } = options;
  checkOutputs(options);
  if (sampleRate === undefined) throw refusedRate('no sample rate', 'pass --sample-rate');
  const { plugin, load } = await findModel(options.model, options);
  const embedder = await load();
  const outputs: Output[] = [];
  try {
    if (sampleRate !== embedder.sampleRate) throw otherRate(sampleRate, embedder.sampleRate);
    const chunks = pcmChunks(input as AsyncIterable<Uint8Array>, layoutOf(options, embedder));
    const streamOptions: StreamOptions = { hop, abortSignal: context.abortSignal };
    const stream = streamEmbeddings(chunks, embedder, streamOptions);
    const latency = Number(streamLatency(embedder, streamOptions).toPrecision(4));
    const name = modelName(await namedModel(plugin, embedder.provenance, options.checkpoint));
    context.stderr.write(`${name}: embeddings follow the sound within ${latency} ms\n`);
    await openOutputs(options, embedder, context, outputs);
    let count = 0;
    for await (const embeddings of stream) {
      for (const output of outputs) await output.write(embeddings);
      count += embeddings.timestampCount;
    }
    for (const output of outputs) await output.finish(count);
  } finally {
    // An open pipe would keep the process alive.
    input.destroy();
    for (const output of outputs) await output.close();
    await embedder.dispose();
  }
}

async function openOutputs(
  { timestampsOut, timestampEmbeddingsOut, json }: EmbedStandardInputOptions,
  { timestampEmbeddingSize: size }: Embedder,
  { stdout, stderr }: CommandContext,
  outputs: Output[],
): Promise<void> {
  // With --json, standard output has only JSON lines.
  const told = json === true ? stderr : stdout;
  const file = async (path: string, values: (embeddings: StreamedEmbeddings) => Float32Array, row: number[]) => {
    const npy = await NpyAppender.open(path);
    outputs.push({
      write: (embeddings) => npy.append(values(embeddings)),
      async finish(count) {
        await npy.finish([1, count, ...row]);
        told.write(`${path}: float32 [${[1, count, ...row].join(', ')}]\n`);
      },
      close: () => npy.discard(),
    });
  };
  if (json === true) outputs.push(jsonLines(stdout));
  if (timestampsOut !== undefined) await file(timestampsOut, ({ timestamps }) => Float32Array.from(timestamps), []);
  if (timestampEmbeddingsOut !== undefined) await file(timestampEmbeddingsOut, ({ data }) => data, [size]);
}

/** Writes one line per embedding as soon as it is computed. */
function jsonLines(stdout: NodeJS.WritableStream): Output {
  return {
    async write({ data, size, timestamps }) {
      for (const [row, timestamp] of timestamps.entries()) {
        const embedding = Array.from(data.subarray(row * size, (row + 1) * size));
        if (!stdout.write(`${JSON.stringify({ timestamp, embedding })}\n`)) await once(stdout, 'drain');
      }
    },
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function layoutOf({ format = 's16le', channels }: EmbedStandardInputOptions, embedder: Embedder) {
  const isMixed = embedder.channels === 1;
  if (isMixed) return { format, channels: channels ?? 1, isMixed };
  if (channels === embedder.channels) return { format, channels, isMixed };
  throw new OptionError({
    asked: `a stream for a model of ${embedder.channels} channels`,
    found: channels === undefined ? 'no --channels' : `--channels ${channels}`,
    fix: `pass ${embedder.channels} interleaved channels and --channels ${embedder.channels}`,
  });
}

function checkOutputs({ out, timestampsOut, timestampEmbeddingsOut, json }: EmbedStandardInputOptions): void {
  if (out !== undefined) {
    throw new OptionError({
      asked: `--out '${out}' from standard input`,
      found: 'a scene embedding, which needs the whole signal',
      fix: 'save the sound to a file and embed that, or pass --timestamp-embeddings-out',
    });
  }
  if (json === true || timestampsOut !== undefined || timestampEmbeddingsOut !== undefined) return;
  throw new OptionError({
    asked: 'hearken embed -',
    found: 'no output',
    fix: 'pass --json, --timestamps-out or --timestamp-embeddings-out',
  });
}

function otherRate(found: number, wanted: number): OptionError {
  return refusedRate(
    `--sample-rate ${found} for a model that takes ${wanted} Hz`,
    `resample it first, for example with: ffmpeg -i INPUT -f s16le -ac 1 -ar ${wanted} - | hearken embed - --sample-rate ${wanted}`,
  );
}

function refusedRate(found: string, fix: string): OptionError {
  return new OptionError({ asked: 'raw PCM on standard input', found, fix });
}
