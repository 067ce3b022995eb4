import type { Readable } from 'node:stream';
import { Option, type Command } from 'commander';
import { type Embedder, type HeadKind, OptionError } from '@hearken/core';
import { joinValues, namedHead } from '@hearken/core/internal';
import { readPlainText } from '@hearken/core/node';
import { exampleModels } from '@hearken/results/internal';
import { resamplePieces } from '@hearken/signals/onnx';
import { parseLabelNames } from '@hearken/tasks/internal';
import { pcmChunks, type PcmFormat, pcmFormats } from './embed-pcm-chunks.js';
import { addModelOption, addModelOptions, findModel, type ModelOptions } from './model-options.js';
import { hertz, seconds, wholeNumber } from './parse-options.js';
import {
  type AnswerOptions,
  answerFiles,
  type Answering,
  answerStream,
  type LabelAnswer,
} from './predict-answers.node.js';
import { atRecordRate, findRecordRate } from './read-ecg-signal.node.js';
import type { CommandContext } from './streams.js';
import { printable, tableText } from './table.js';

interface PredictOptions extends ModelOptions, Pick<AnswerOptions, 'sampleRate' | 'window' | 'hop'> {
  readonly model: string;
  readonly top: number;
  readonly labels?: string;
  readonly kind?: HeadKind;
  readonly json?: boolean;
  readonly format?: PcmFormat;
  readonly channels?: number;
}

/** A larger file is not a list of names. */
const mostNameBytes = 4 * 1024 * 1024;

const streamHelp = `
Standard input ('-') is raw PCM; every window is answered as soon as it is complete:
  arecord -t raw -f S16_LE -c 1 -r 32000 | hearken predict - --sample-rate 32000 --window 2 --model ${exampleModels.released}`;

/** `hearken predict`: the labels that a model's own classifier gives to files. */
export function addPredictCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('predict')
    .description("print a model's own labels for audio files, ECG records or .npy signals, with their probabilities")
    .argument('<files...>', 'files as for `hearken embed`; or - for raw PCM on standard input');
  addModelOption(command);
  addModelOptions(command)
    .addOption(
      new Option('--top <n>', 'how many labels to print for each file or window')
        .argParser(wholeNumber(1, 100_000))
        .default(5),
    )
    .option(
      '--labels <file>',
      "names of the model's labels in the order of its outputs: one per line, JSON, or CSV with index and label (default: those of the checkpoint)",
    )
    .addOption(
      new Option('--kind <kind>', "whether one label holds or any number (default: the checkpoint's)").choices([
        'multiclass',
        'multilabel',
      ]),
    )
    .addOption(
      new Option(
        '--window <s>',
        'answer over time, in windows of this length; 0 for whole files (default: 10 for recordings over 30 s)',
      ).argParser(seconds),
    )
    .addOption(new Option('--hop <s>', 'time between windows (default: their length)').argParser(seconds))
    .addOption(
      new Option(
        '--sample-rate <hz>',
        'sample rate of .npy files, of CSV files without a time column, and of standard input',
      ).argParser(hertz),
    )
    .addOption(new Option('--format <name>', 'samples on standard input (default: s16le)').choices([...pcmFormats]))
    .addOption(
      new Option('--channels <n>', 'interleaved channels on standard input, mixed down (default: 1)').argParser(
        wholeNumber(1, 256),
      ),
    )
    .option('--json', 'print a line {"file", "onset", "offset", "labels"} for each file or window')
    .addHelpText('after', streamHelp)
    .action((files: string[], options: PredictOptions) => predict(files, options, context));
}

async function predict(
  files: readonly string[],
  options: PredictOptions,
  context: CommandContext,
  input: Readable = process.stdin,
): Promise<void> {
  checkOptions(files, options);
  const isStream = files[0] === '-';
  const given = options.labels === undefined ? undefined : await readLabels(options.labels);
  const { plugin, load } = await findModel(options.model, options);
  const recordRate = isStream ? undefined : await findRecordRate(files[0], plugin, options.options, options.sampleRate);
  const embedder = await load(atRecordRate(recordRate));
  try {
    const named = namedHead(embedder, given);
    const head = { ...named, ...(options.kind === undefined ? {} : { kind: options.kind }) };
    const answering: Answering = { embedder, head };
    const { sampleRate, window, hop } = options;
    const { abortSignal } = context;
    const onWarning = (path: string, warning: string) => context.stderr.write(`${path}: ${printable(warning)}\n`);
    const printer = new Printer(head.labels, { ...options, isOneFile: files.length === 1, isStream }, context.stdout);
    const onAnswer = (answer: LabelAnswer) => printer.answer(answer);
    const answerOptions: AnswerOptions = { sampleRate, recordRate, window, hop, abortSignal, onWarning, onAnswer };
    if (isStream) await answerStream(streamChunks(input, options, embedder), answering, answerOptions);
    else await answerFiles(files, answering, answerOptions);
    printer.finish();
  } finally {
    // An open pipe would keep the process alive.
    if (isStream) input.destroy();
    await embedder.dispose();
  }
}

function checkOptions(files: readonly string[], { format, channels, hop, window }: PredictOptions): void {
  const refused = (asked: string, found: string, fix: string) => new OptionError({ asked, found, fix });
  const isStream = files.includes('-');
  if (isStream && files.length > 1) {
    throw refused('hearken predict -', `standard input among ${files.length} files`, 'pass it separately');
  }
  const misplaced = format !== undefined ? '--format' : channels !== undefined ? '--channels' : undefined;
  if (!isStream && misplaced !== undefined) {
    throw refused(misplaced, 'files instead of standard input', 'leave it out, or pass - and pipe raw PCM in');
  }
  if (window === 0 && isStream) {
    throw refused('--window 0', 'standard input, which has no length', 'pass the length of a window in seconds');
  }
  if (hop !== undefined && (hop === 0 || (window !== undefined && hop > window))) {
    throw refused(`--hop ${hop}`, `windows of ${window ?? 'any'} s`, 'pass a time over 0, at most that of a window');
  }
}

async function readLabels(path: string) {
  const text = await readPlainText(path, { maximumBytes: mostNameBytes });
  return { labels: parseLabelNames(text, path), source: path };
}

/** The signal on standard input as the embedder takes it. */
function streamChunks(
  input: Readable,
  { sampleRate, format = 's16le', channels }: PredictOptions,
  embedder: Embedder,
): AsyncIterable<Float32Array> {
  const refused = (found: string, fix: string) => new OptionError({ asked: 'raw PCM on standard input', found, fix });
  if (sampleRate === undefined) throw refused('no sample rate', 'pass --sample-rate');
  const isMixed = embedder.channels === 1;
  if (!isMixed && channels !== embedder.channels) {
    const count = embedder.channels;
    throw refused(
      channels === undefined ? 'no --channels' : `--channels ${channels} for a model of ${count}`,
      `pass ${count} interleaved channels and --channels ${count}`,
    );
  }
  const chunks = pcmChunks(input as AsyncIterable<Uint8Array>, { format, channels: channels ?? 1, isMixed });
  return sampleRate === embedder.sampleRate ? chunks : resampled(chunks, embedder, sampleRate);
}

async function* resampled(
  chunks: AsyncIterable<Float32Array>,
  { channels, sampleRate }: Embedder,
  from: number,
): AsyncGenerator<Float32Array, void> {
  async function* pieces() {
    for await (const chunk of chunks) {
      const samples = chunk.length / channels;
      yield Array.from({ length: channels }, (_, channel) =>
        chunk.subarray(channel * samples, (channel + 1) * samples),
      );
    }
  }
  for await (const piece of resamplePieces(pieces(), from, sampleRate)) yield joinValues(piece);
}

interface PrintOptions extends Pick<PredictOptions, 'top' | 'json'> {
  readonly isOneFile: boolean;
  readonly isStream: boolean;
}

/** Prints answers: JSON lines and those of a stream as they come, those of files as one table at the end. */
class Printer {
  readonly #rows: string[][] = [];
  #hasWindows = false;

  constructor(
    readonly labels: readonly string[],
    readonly options: PrintOptions,
    readonly stdout: NodeJS.WritableStream,
  ) {}

  answer({ file, signal, onset, offset, isWindow, probabilities }: LabelAnswer): void {
    const best = bestLabels(probabilities, this.labels, this.options.top);
    if (this.options.json === true) {
      const place = { file, ...(signal === undefined ? {} : { signal }), onset, offset };
      this.stdout.write(`${JSON.stringify({ ...place, labels: best })}\n`);
      return;
    }
    if (this.options.isStream) {
      const text = best.map(({ label, probability }) => `${printable(label)} ${probability.toFixed(3)}`).join('; ');
      this.stdout.write(`${onset.toFixed(2)} to ${offset.toFixed(2)} s: ${text}\n`);
      return;
    }
    this.#hasWindows ||= isWindow;
    const name = signal === undefined ? file : `${file} [${signal}]`;
    for (const { label, probability } of best) {
      this.#rows.push([name, onset.toFixed(2), offset.toFixed(2), label, probability.toFixed(3)]);
    }
  }

  finish(): void {
    if (this.options.json === true || this.options.isStream) return;
    const hasFiles = !this.options.isOneFile || this.#rows.some(([name]) => name !== this.#rows[0][0]);
    const shown = [hasFiles, this.#hasWindows, this.#hasWindows, true, true];
    const picked = (row: readonly string[]) => row.filter((_, column) => shown[column]);
    const columns = picked(['file', 'onset', 'offset', 'label', 'probability']);
    this.stdout.write(tableText(columns, this.#rows.map(picked), ['onset', 'offset', 'probability']));
  }
}

/** The labels with the highest probabilities, highest first; of equal ones the first in the model's order. */
function bestLabels(probabilities: Float32Array, labels: readonly string[], top: number) {
  return [...labels.keys()]
    .sort((left, right) => probabilities[right] - probabilities[left] || left - right)
    .slice(0, top)
    .map((index) => ({ label: labels[index], probability: Number(probabilities[index].toPrecision(6)) }));
}
