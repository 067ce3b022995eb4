import { Option, type Command } from 'commander';
import {
  type Campaign,
  type CampaignEvaluation,
  type CampaignHead,
  type CampaignModel,
  completeEvaluation,
  modelValues,
  nameModels,
  type Provider,
  type WrittenEvaluation,
} from '@hearken/campaigns';
import { isCampaignPath, readCampaign } from '@hearken/campaigns/node';
import { didYouMean, OptionError } from '@hearken/core';
import { readPlainText } from '@hearken/core/node';
import type { GridName } from '@hearken/results';
import { parseLabelMap, parseLabelNames } from '@hearken/tasks/internal';
import type { GeneralizationRequest } from '@hearken/tasks/node';
import { jsonObject, shares, wholeNumber } from './parse-options.js';
import { collected } from './repeated-options.js';

/** Values of the options that say which models are scored on which tasks, and how. */
export interface CampaignOptions {
  readonly model?: readonly string[];
  readonly checkpoint?: readonly string[];
  readonly options?: readonly string[];
  readonly weights?: readonly string[];
  readonly provider?: readonly string[];
  readonly tasks?: readonly string[];
  readonly probe: string;
  readonly grid: GridName;
  readonly gridPoints: number;
  readonly seed: number;
  readonly seeds: number;
  readonly pca?: number;
  readonly protocol?: string;
  readonly trainFractions?: readonly number[];
  readonly generalize?: string;
  readonly trainOn?: readonly string[];
  readonly testOn?: readonly string[];
  readonly skipUnreadable?: boolean;
  readonly extension: readonly string[];
  readonly threads?: number;
  readonly labelMap?: string;
  readonly labels?: string;
  readonly crops?: number;
  readonly cropSeconds?: number;
  readonly aggregate?: 'mean' | 'max';
}

const providers: readonly Provider[] = ['cpu', 'webgpu', 'cuda'];

/** Adds `--model`, which can be repeated, and the options that belong to a model. */
export function addCampaignModelOptions(command: Command): Command {
  const several = 'with several models MODEL=VALUE, once for each';
  return command
    .addOption(
      collected(
        new Option(
          '--model <plugin:model>',
          "plugin is a short name, an npm package name or a path; without a model, the plugin's first one is used; can be repeated, and be named as NAME=PLUGIN:MODEL",
        ),
      ),
    )
    .addOption(
      collected(
        new Option(
          '--checkpoint <file>',
          `the model's weights, as its authors publish them (default: the file that \`hearken pull\` downloaded); ${several}`,
        ),
      ),
    )
    .option('--models <folder>', 'folder of pulled models (default: in the user cache folder, or HEARKEN_MODELS)')
    .addOption(
      collected(new Option('--options <json>', `options for the plugin's loadModel, as a JSON object; ${several}`)),
    )
    .addOption(
      collected(
        new Option(
          '--weights <name>',
          `which weights to use if a checkpoint has several sets, such as ema or raw; ${several}`,
        ),
      ),
    )
    .addOption(
      new Option('--threads <n>', 'threads for inference (default: all cores)').argParser(wholeNumber(1, 1024)),
    )
    .addOption(collected(new Option('--provider <name>', `execution provider: ${providers.join(', ')}; ${several}`)));
}

/** Adds the options that say which clips train and which test. */
export function addSubsetOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--train-fractions <shares>',
        'train on these shares of the training clips, each for a separate result: 0.0625,0.25,1',
      ).argParser(shares),
    )
    .option('--generalize <column>', "train on some values of a column of the task's clips.csv, and test on others")
    .option('--train-on <values...>', 'values for training and validation; default: all that are not in --test-on')
    .option('--test-on <values...>', 'values for testing; default: all that are not in --train-on');
}

/** A larger file is not a list or map of labels. */
const mostLabelBytes = 4 * 1024 * 1024;

/** What a campaign file says and the command line may not say again. */
const ofTheFile = {
  ...{ model: '--model', checkpoint: '--checkpoint', options: '--options', weights: '--weights' },
  ...{ provider: '--provider', tasks: '--tasks', probe: '--probe', grid: '--grid', gridPoints: '--grid-points' },
  ...{ seed: '--seed', seeds: '--seeds', pca: '--pca', protocol: '--protocol' },
  ...{ trainFractions: '--train-fractions', generalize: '--generalize', trainOn: '--train-on', testOn: '--test-on' },
  ...{ skipUnreadable: '--skip-unreadable', extension: '--extension', labelMap: '--label-map', labels: '--labels' },
  ...{ crops: '--crops', cropSeconds: '--crop-seconds', aggregate: '--aggregate' },
} as const;

/**
 * The campaign that a campaign file or the options describe.
 *
 * @param isGiven whether an option is on the command line, by its name
 * @throws FileError for a file that is not a campaign; OptionError for options that contradict it or each other, and if
 *   neither says models and tasks
 */
export async function campaignOf(
  file: string | undefined,
  options: CampaignOptions,
  isGiven: (name: string) => boolean,
): Promise<Campaign> {
  if (file === undefined) return campaignOfOptions(options, isGiven);
  if (!isCampaignPath(file)) {
    throw new OptionError({
      asked: `campaign file '${file}'`,
      found: 'a name that does not end in .yaml, .yml or .json',
      fix: 'pass a campaign file, or models with --model and tasks with --tasks',
    });
  }
  const twice = Object.entries(ofTheFile).find(([name]) => isGiven(name))?.[1];
  if (twice !== undefined) {
    throw new OptionError({
      asked: `${twice} with campaign file '${file}'`,
      found: 'both say what is scored',
      fix: `say it in the file, or leave the file out; only where and how to run can be said besides it: --out, --cache, --store, --models, --threads, --force`,
    });
  }
  const campaign = await readCampaign(file);
  return options.threads === undefined ? campaign : { ...campaign, threads: options.threads };
}

async function campaignOfOptions(options: CampaignOptions, isGiven: (name: string) => boolean): Promise<Campaign> {
  const { tasks = [], trainFractions, skipUnreadable, extension, threads } = options;
  const generalization = generalizationOf(options);
  return {
    models: modelsOf(options),
    tasks,
    evaluations: [evaluationOf(options, await headOf(options), isGiven)],
    extensions: extension,
    ...(trainFractions === undefined ? {} : { trainFractions }),
    ...(generalization === undefined ? {} : { generalization }),
    ...(skipUnreadable === undefined ? {} : { skipUnreadable }),
    ...(threads === undefined ? {} : { threads }),
  };
}

/** The models that the options name, each with its own values. */
export function modelsOf(
  options: Pick<CampaignOptions, 'model' | 'checkpoint' | 'options' | 'weights' | 'provider'>,
): readonly CampaignModel[] {
  const written = new Map<string, string>();
  for (const text of options.model ?? []) {
    // A path has its separator, and a plugin its colon, before any equals sign that belongs to it.
    const [, name = text, model = text] = /^([\w.-]+)=(.+)$/u.exec(text) ?? [];
    if (written.has(name) && written.get(name) !== model) {
      throw new OptionError({
        asked: `--model '${text}'`,
        found: `another model of that name, '${written.get(name)}'`,
        fix: 'give each a name of its own',
      });
    }
    written.set(name, model);
  }
  const names = [...written.keys()];
  const checkpoints = modelValues('--checkpoint', options.checkpoint ?? [], names);
  const given = modelValues('--options', options.options ?? [], names);
  const weights = modelValues('--weights', options.weights ?? [], names);
  const chosen = modelValues('--provider', options.provider ?? [], names);
  const models = [...written].map(([name, model]) => ({
    ...{ name, model },
    ...(checkpoints.has(name) ? { checkpoint: checkpoints.get(name) } : {}),
    ...(given.has(name) ? { options: pluginOptions(given.get(name)!) } : {}),
    ...(weights.has(name) ? { weights: weights.get(name) } : {}),
    ...(chosen.has(name) ? { provider: provider(chosen.get(name)!) } : {}),
  }));
  const named = nameModels(models);
  if ('index' in named) throw new Error('models of the command line have names of their own');
  return named;
}

function pluginOptions(text: string): Record<string, unknown> {
  try {
    return jsonObject(text);
  } catch (error) {
    throw new OptionError({
      asked: `--options '${text.slice(0, 80)}'`,
      found: (error as Error).message,
      fix: `pass a JSON object, such as --options '{"features":["b5"]}'`,
    });
  }
}

function provider(name: string): Provider {
  const known = providers.find((one) => one === name);
  if (known !== undefined) return known;
  throw new OptionError({
    asked: `--provider '${name.slice(0, 80)}'`,
    found: 'no such execution provider',
    fix: `${didYouMean(name, providers)}known: ${providers.join(', ')}`,
  });
}

/** How a model's own head is scored; undefined if nothing is said of that. */
async function headOf(options: CampaignOptions): Promise<CampaignHead | undefined> {
  const { probe, labelMap, labels, crops, cropSeconds, aggregate } = options;
  const given = { '--label-map': labelMap, '--labels': labels, '--crops': crops };
  const ofCrops = { '--crop-seconds': cropSeconds, '--aggregate': aggregate };
  const [option] = Object.entries({ ...given, ...ofCrops }).find(([, value]) => value !== undefined) ?? [];
  if (option === undefined) return undefined;
  const refused = (asked: string, found: string, fix: string) => new OptionError({ asked, found, fix });
  if (probe !== 'head') throw refused(option, `probe '${probe}'`, 'leave it out, or pass --probe head');
  const [alone] = Object.entries(ofCrops).find(([, value]) => value !== undefined) ?? [];
  if (crops === undefined && alone !== undefined) throw refused(alone, 'no --crops', 'say how many crops: --crops 5');
  const read = (path: string) => readPlainText(path, { maximumBytes: mostLabelBytes });
  return {
    ...(labelMap === undefined ? {} : { labelMap: parseLabelMap(await read(labelMap), labelMap) }),
    ...(labels === undefined ? {} : { names: { labels: parseLabelNames(await read(labels), labels), source: labels } }),
    ...(crops === undefined
      ? {}
      : { crops: { count: crops, seconds: cropSeconds ?? 5, aggregate: aggregate ?? 'mean' } }),
  };
}

/** With a protocol, only what is on the command line counts: the defaults of options are not the protocol's. */
function evaluationOf(
  options: CampaignOptions,
  head: CampaignHead | undefined,
  isGiven: (name: string) => boolean,
): CampaignEvaluation {
  const { protocol, probe, grid, gridPoints, pca, seed, seeds } = options;
  const given: WrittenEvaluation = { probe, grid, gridPoints, pca };
  const settings =
    protocol === undefined && probe !== 'head'
      ? given
      : Object.fromEntries(Object.entries(given).filter(([name]) => isGiven(name)));
  const evaluation = completeEvaluation({ protocol, ...settings, seed, seeds, head });
  if ('name' in evaluation) return evaluation;
  const { setting, prescribed } = evaluation;
  throw new OptionError({
    asked: `${setting} ${options[setting]} with protocol '${protocol}'`,
    found: prescribed === undefined ? 'a protocol without it' : `a protocol with ${setting} ${prescribed}`,
    fix: "leave out the option or the protocol: scores from other settings don't count",
  });
}

/** Which clips train and which test, if the options say so. */
export function generalizationOf({
  generalize,
  trainOn,
  testOn,
}: Pick<CampaignOptions, 'generalize' | 'trainOn' | 'testOn'>): GeneralizationRequest | undefined {
  if (generalize !== undefined) return { column: generalize, train: trainOn, test: testOn };
  if (trainOn === undefined && testOn === undefined) return undefined;
  throw new OptionError({
    asked: 'values to train or test on',
    found: 'no column that they belong to',
    fix: 'name it with --generalize, such as --generalize device',
  });
}
