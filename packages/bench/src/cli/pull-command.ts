import type { Command } from 'commander';
import { didYouMean, HearkenError, OptionError, parseModelSpecifier, type Plugin } from '@hearken/core';
import type { TermsToAccept } from '../models/accepted-terms.node.js';
import { modelsFolder, pullModel, type PullEvent, type PullOutcome } from '../models/index.js';
import { createNodeRegistry } from '../plugins/plugins.node.js';
import { askYesOrNo } from './ask.js';
import { errorText } from './error-text.js';
import { done, refused, someFailed } from './exit-status.js';
import { chooseView } from './progress/bar-view.js';
import { downloadProgress, megabytes } from './progress/download-progress.js';
import type { ProgressView } from './progress/progress-view.js';
import type { CommandContext } from './streams.js';

interface PullCommandOptions {
  readonly accept?: boolean;
  readonly models?: string;
  readonly mirror?: string;
  readonly offline?: boolean;
  readonly json?: boolean;
}

type Outcome = { readonly name: string } & (PullOutcome | { readonly error: HearkenError });

/** `hearken pull`: downloads models from their authors. */
export function addPullCommand(program: Command, context: CommandContext): void {
  program
    .command('pull')
    .description(
      'download models from where their authors publish them; an interrupted download continues where it stopped',
    )
    .argument('<plugin:model...>', "models as `hearken models` lists them; without a model, the plugin's first one")
    .option('--accept', 'accept the licence and terms without being asked')
    .option('--models <folder>', 'folder for models (default: in the user cache folder, or HEARKEN_MODELS)')
    .option(
      '--mirror <url>',
      'URL of a mirror, to which the usual path is appended, or a URL with {plugin}, {model} and {file} in it',
    )
    .option('--offline', 'download nothing: check the files that are there')
    .option('--json', 'print one JSON document on standard output instead of the paths')
    .addHelpText(
      'after',
      '\nGated models need your own Hugging Face token in HF_TOKEN; it is sent only to huggingface.co.',
    )
    .action(async (specifiers: string[], options: PullCommandOptions) => {
      const { debug } = program.opts<{ debug?: boolean }>();
      const registry = createNodeRegistry();
      const models = new Map<string, { plugin: Plugin; model: string }>();
      for (const specifier of specifiers) {
        const { plugin: name, model } = parseModelSpecifier(specifier);
        const plugin = await registry.resolve(name);
        const found = knownModel(plugin, model, specifier);
        models.set(`${plugin.name}:${found}`, { plugin, model: found });
      }
      const view = chooseView(context);
      const outcomes: Outcome[] = [];
      try {
        for (const [name, { plugin, model }] of models) {
          outcomes.push({ name, ...(await attempt(plugin, model, options, context, view)) });
          view.end();
          view.note(outcomeLine(outcomes[outcomes.length - 1], debug));
        }
      } finally {
        view.end();
      }
      context.stdout.write(options.json === true ? outcomesJson(outcomes) : outcomesText(outcomes));
      const failed = outcomes.filter((outcome) => 'error' in outcome).length;
      context.setExitStatus(failed === 0 ? done : failed === outcomes.length ? refused : someFailed);
    });
}

function knownModel(plugin: Plugin, model: string | undefined, specifier: string): string {
  const names = Object.keys(plugin.models);
  if (model === undefined) return names[0];
  if (names.includes(model)) return model;
  throw new OptionError({
    asked: `model '${specifier}'`,
    found: `no such model in plugin '${plugin.name}'`,
    fix: `${didYouMean(model, names)}known: ${names.join(', ')}`,
  });
}

async function attempt(
  plugin: Plugin,
  model: string,
  options: PullCommandOptions,
  context: CommandContext,
  view: ProgressView,
): Promise<PullOutcome | { error: HearkenError }> {
  const { mirror, offline } = options;
  const { abortSignal } = context;
  try {
    return await pullModel(plugin, model, {
      models: modelsFolder(options.models),
      mirror,
      offline,
      token: process.env.HF_TOKEN,
      abortSignal,
      accept: (terms) => accept(terms, options.accept === true, context),
      onEvent: showPull(view, `${plugin.name}:${model}`),
    });
  } catch (error) {
    abortSignal?.throwIfAborted();
    if (error instanceof HearkenError) return { error };
    throw error;
  }
}

async function accept({ name, metadata }: TermsToAccept, accepted: boolean, context: CommandContext): Promise<boolean> {
  const { license, terms, paper } = metadata;
  const facts = { licence: license ?? 'not stated', terms: terms?.url, reference: paper };
  const lines = Object.entries(facts).flatMap(([key, value]) => (value === undefined ? [] : [`  ${key}: ${value}\n`]));
  context.stderr.write(`${name}\n${lines.join('')}`);
  if (accepted) return true;
  if (context.stderr.isTTY === true && process.stdin.isTTY) {
    const streams = { input: process.stdin, output: context.stderr };
    return askYesOrNo('Do you accept this licence and these terms?', streams, context.abortSignal);
  }
  throw new OptionError({
    asked: `to pull ${name}`,
    found: `a licence that has not been accepted yet: ${license ?? 'not stated'}`,
    fix: `read it${terms === undefined ? '' : `, and the terms at ${terms.url}`}, then pass --accept; the models folder remembers it`,
  });
}

function showPull(view: ProgressView, name: string): (event: PullEvent) => void {
  const progress = downloadProgress(view);
  return (event) => {
    if (event.kind === 'check') view.begin(`${name}: checking ${event.file}`, 1);
    if (event.kind === 'damaged')
      view.note(`${name}: ${event.file} has changed since it was pulled; downloading it again`);
    if (event.kind === 'retry') {
      view.note(`${name}: ${event.file}: ${event.reason}; next try in ${(event.delay / 1000).toFixed(1)} s`);
      progress.restart();
    }
    if (event.kind === 'progress') {
      const { file, received, total } = event;
      progress.update(`${name}: downloading ${file}`, received, total);
    }
    if (event.kind === 'fetched') {
      const { name: file, url, bytes, sha256, verified, verifiedBy } = event.file;
      const checked =
        verified === null
          ? 'no checksum to compare with'
          : `${verified} ${verifiedBy === 'mirror' ? `as the mirror ${new URL(url).host} says` : 'as published'}`;
      view.note(`${name}: ${file}, ${megabytes(bytes)} MB, ${checked}, sha256 ${sha256}`);
    }
  };
}

function outcomeLine(outcome: Outcome, debug?: boolean): string {
  if ('error' in outcome) return `${outcome.name}: failed\n${errorText(outcome.error, debug).trimEnd()}`;
  const text = outcome.state === 'present' ? 'already there, as recorded' : `${megabytes(outcome.bytes)} MB`;
  return `${outcome.name}: ${text} -> ${outcome.checkpoint}`;
}

function outcomesText(outcomes: readonly Outcome[]): string {
  return outcomes.flatMap((outcome) => ('error' in outcome ? [] : [`${outcome.checkpoint}\n`])).join('');
}

function outcomesJson(outcomes: readonly Outcome[]): string {
  const entries = outcomes.map((outcome) => {
    if ('error' in outcome) {
      const { message, asked, found, fix } = outcome.error;
      return { model: outcome.name, state: 'failed', error: message, asked, found, fix };
    }
    const { name: model, state, checkpoint, bytes, record } = outcome;
    const { date, license, terms, revision, files } = record;
    return { model, state, checkpoint, bytes, date, license, terms, revision, files };
  });
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
