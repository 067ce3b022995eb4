import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Option, type Command } from 'commander';
import type { CampaignModel } from '@hearken/campaigns';
import { type Embedder, HearkenError } from '@hearken/core';
import { checkWritable } from '@hearken/core/node';
import { modelName } from '@hearken/results';
import { executionOf, makeProfile, type MeasuredProcess, type Profile } from '@hearken/results/internal';
import { forgetPeakMemory, recentPeakMemoryBytes, writeProfile } from '@hearken/results/internal/node';
import { namedModel } from '../models/index.js';
import { modelLoader } from '../run/loaded-model.node.js';
import { measureModel } from '../run/measure-model.node.js';
import { modelToLoad } from '../run/run-campaign.node.js';
import { addCampaignModelOptions, type CampaignOptions, modelsOf } from './campaign-options.js';
import { errorText } from './error-text.js';
import { done, refused, someFailed } from './exit-status.js';
import { pulledCheckpoint } from './model-options.js';
import { jsonObject, wholeNumber } from './parse-options.js';
import { chooseView } from './progress/bar-view.js';
import type { CommandContext } from './streams.js';
import { printable, tableText } from './table.js';

interface ProfileOptions extends Pick<
  CampaignOptions,
  'model' | 'checkpoint' | 'options' | 'weights' | 'provider' | 'threads'
> {
  readonly models?: string;
  readonly repeat: number;
  readonly clipSeconds: number;
  readonly out: string;
  readonly json?: boolean;
  readonly measureHere?: Readonly<Record<string, unknown>>;
}

/** What one process measures. */
interface Measurement {
  readonly model: CampaignModel;
  readonly threads?: number;
  readonly clipSeconds: number;
}

const command = fileURLToPath(new URL('../../bin/hearken.js', import.meta.url));

/** `hearken profile`: what models cost on this machine. */
export function addProfileCommand(program: Command, context: CommandContext): void {
  const profile = program
    .command('profile')
    .description('measure what models cost on this machine: time to load, time for a second of signal, memory, size');
  addCampaignModelOptions(profile)
    .addOption(
      new Option('--repeat <n>', 'how often to measure, each time in a new process; the medians are kept')
        .argParser(wholeNumber(1, 100))
        .default(3),
    )
    .addOption(
      new Option('--clip-seconds <s>', 'length of the synthetic clips; at least what the model takes')
        .argParser(wholeNumber(1, 600))
        .default(10),
    )
    .option('--out <folder>', "folder for the profiles, beside the models' results", 'results')
    .option('--json', 'print one JSON document on standard output instead of the table')
    // What a child process is started with: its memory is the model's and not that of this command.
    .addOption(new Option('--measure-here <json>').argParser(jsonObject).hideHelp())
    .action(async (options: ProfileOptions) => {
      if (options.measureHere !== undefined) {
        const measured = await measureHere(options.measureHere as unknown as Measurement, context.abortSignal);
        context.stdout.write(JSON.stringify(measured));
        return;
      }
      if (options.model === undefined) profile.error("error: required option '--model <plugin:model>' not specified");
      const { debug } = program.opts<{ debug?: boolean }>();
      await checkWritable(options.out);
      const profiles: { readonly path: string; readonly profile: Profile }[] = [];
      const view = chooseView(context);
      const models = modelsOf(options);
      try {
        for (const model of models) {
          view.begin(`${model.name}: measuring`, options.repeat + 1);
          try {
            const profile = await profileModel(model, options, context, (round) => {
              view.update(
                round,
                round === 0 ? 'a first time, which does not count' : `${round} of ${options.repeat}`,
                undefined,
              );
            });
            profiles.push({ profile, path: await writeProfile(options.out, profile) });
          } catch (error) {
            context.abortSignal?.throwIfAborted();
            view.end();
            view.note(
              `${model.name}: failed\n${error instanceof ChildFailure ? error.message : errorText(error, debug).trimEnd()}`,
            );
          }
          view.end();
        }
      } finally {
        view.end();
      }
      if (profiles.length > 0 || options.json === true) {
        context.stdout.write(options.json === true ? profilesJson(profiles) : profilesText(profiles));
      }
      const failed = models.length - profiles.length;
      context.setExitStatus(failed === 0 ? done : profiles.length === 0 ? refused : someFailed);
    });
}

/** The child has already said in full what is wrong. */
class ChildFailure extends Error {}

async function profileModel(
  model: CampaignModel,
  { models, threads, clipSeconds, repeat }: ProfileOptions,
  { abortSignal }: CommandContext,
  onRound: (round: number) => void,
): Promise<Profile> {
  const checkpoint = model.checkpoint ?? (await pulledCheckpoint(model.model, models));
  const measurement: Measurement = {
    model: checkpoint === undefined ? model : { ...model, checkpoint },
    ...(threads === undefined ? {} : { threads }),
    clipSeconds,
  };
  const processes: MeasuredProcess[] = [];
  for (let round = 0; round <= repeat; round += 1) {
    onRound(round);
    const measured = await measureInChild(measurement, abortSignal);
    // The first one may have read the checkpoint from the disk, the others find it in the system's cache.
    if (round > 0) processes.push(measured);
  }
  return makeProfile(processes, new Date());
}

async function measureInChild(measurement: Measurement, signal: AbortSignal | undefined): Promise<MeasuredProcess> {
  const args = [command, 'profile', '--measure-here', JSON.stringify(measurement)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, killedBy) => {
      resolve(killedBy ?? `status ${status}`);
    });
  });
  const [out, err, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  signal?.throwIfAborted();
  if (end === 'status 0') return JSON.parse(out) as MeasuredProcess;
  if (err.includes('to do:')) throw new ChildFailure(printable(err.trimEnd()));
  throw new HearkenError({
    asked: `to measure ${measurement.model.name} in a process of its own`,
    found: `it ended with ${end}${err === '' ? '' : `: ${err.trim().slice(-500)}`}`,
    fix: end === 'SIGKILL' ? 'it may need more memory than there is' : 'run the model on a task to see what fails',
  });
}

/** Measures a model in this process. */
async function measureHere(
  { model, threads, clipSeconds }: Measurement,
  abortSignal: AbortSignal | undefined,
): Promise<MeasuredProcess> {
  const { checkpoint } = model;
  const { plugin, load: loadModel } = await modelLoader(modelToLoad({ threads }, model, checkpoint));
  let embedder: Embedder | undefined;
  const load = async () => (embedder = await loadModel());
  await forgetPeakMemory();
  const idleMemoryBytes = await recentPeakMemoryBytes();
  const { loadSeconds, realTimeFactor, peakMemoryBytes, clips, machine, ...cost } = await measureModel(load, {
    clipSeconds,
    ...(abortSignal === undefined ? {} : { abortSignal }),
  });
  const { provenance, sampleRate, channels, sceneEmbeddingSize } = embedder!;
  const named = await namedModel(plugin, provenance, checkpoint);
  return {
    model: {
      ...provenance,
      execution: executionOf(provenance) ?? { runtime: provenance.backend },
      ...(named.checkpoint === undefined ? {} : { checkpoint: named.checkpoint }),
      sampleRate,
      channels,
      embeddingSize: sceneEmbeddingSize,
      checkpointBytes: checkpoint === undefined ? null : await bytesOf(checkpoint),
    },
    ...{ loadSeconds, realTimeFactor, peakMemoryBytes, idleMemoryBytes, clips, machine },
    clipSeconds: cost.clipSeconds,
  };
}

/** The size of a file, or of the files directly in a folder. */
async function bytesOf(path: string): Promise<number> {
  const status = await stat(path);
  if (!status.isDirectory()) return status.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => stat(join(path, name))));
  return sizes.reduce((sum, one) => sum + (one.isFile() ? one.size : 0), 0);
}

function profilesText(profiles: readonly { readonly path: string; readonly profile: Profile }[]): string {
  const numbers = [
    'load s',
    'real-time factor',
    'times real time',
    'peak memory',
    'before loading',
    'parameters',
    'checkpoint',
  ];
  const rows = profiles.map(({ profile: { model, ...cost } }) => [
    modelName(model),
    cost.loadSeconds.toFixed(2),
    cost.realTimeFactor.toPrecision(3),
    (1 / cost.realTimeFactor).toPrecision(3),
    mebibytes(cost.peakMemoryBytes),
    mebibytes(cost.idleMemoryBytes),
    model.parameters === undefined ? '-' : String(model.parameters),
    model.checkpointBytes === null ? '-' : mebibytes(model.checkpointBytes),
    model.backend,
  ]);
  const [{ profile }] = profiles;
  const { machine, runs } = profile;
  return [
    tableText(['model', ...numbers, 'runtime'], rows, numbers),
    `Medians of ${runs.length} processes, with clips of ${profile.clipSeconds} s, on ${machine.processor}, ${machine.cores} cores; Node.js ${machine.node}, hearken ${profile.hearken}.\n`,
    'Real-time factor: seconds of computing for a second of signal. Peak memory: of a process that only loads and uses the model, with Node.js and the runtime.\n',
    ...profiles.map(({ path }) => `${path}\n`),
  ]
    .map((part) => printable(part))
    .join('');
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 * 10 ? 1 : 0)} MiB`;
}

function profilesJson(profiles: readonly { readonly path: string; readonly profile: Profile }[]): string {
  return `${JSON.stringify(
    profiles.map(({ path, profile }) => ({ file: path, ...profile })),
    undefined,
    2,
  )}\n`;
}
