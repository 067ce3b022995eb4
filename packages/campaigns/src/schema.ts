import { gridNames } from '@hearken/results/internal';
import { protocols } from '@hearken/results';
import * as v from 'valibot';

/* Each schema's message says what is expected: "models[1].checkpoint is 3, expected <message>". */

/** No field of a campaign file is longer. */
const mostCharacters = 4096;

const described = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

function text(wanted: string) {
  return v.pipe(v.string(wanted), v.regex(/\S/u, wanted), v.maxLength(mostCharacters, wanted));
}

function whole(least: number, most: number) {
  const wanted = `a whole number from ${least} to ${most}`;
  return v.pipe(v.number(wanted), v.integer(wanted), v.minValue(least, wanted), v.maxValue(most, wanted));
}

function oneOf<const Name extends string>(names: readonly Name[]) {
  return v.picklist(names, `one of ${names.join(', ')}`);
}

/** A list of one or more values. */
function list<Item extends v.GenericSchema>(item: Item, most: number, wanted: string) {
  return v.pipe(v.array(item, wanted), v.nonEmpty(wanted), v.maxLength(most, `${wanted}, at most ${most}`));
}

const share = v.pipe(
  v.number('a share over 0 and up to 1'),
  v.gtValue(0, 'a share over 0 and up to 1'),
  v.maxValue(1, 'a share over 0 and up to 1'),
);

const componentsOrShare = v.pipe(
  v.number('a whole number from 1, or a share between 0 and 1'),
  v.check(
    (value) => (Number.isSafeInteger(value) ? value >= 1 : value > 0 && value < 1),
    'a whole number from 1, or a share between 0 and 1',
  ),
  v.metadata({ exclusiveMinimum: 0 }),
);

const optionsOfModel = v.pipe(
  v.custom<Record<string, unknown>>(
    (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
    'an object',
  ),
  v.check((input) => !Object.hasOwn(input, '__proto__'), 'an object without a field __proto__'),
  v.record(v.string(), v.unknown(), 'an object'),
);

const modelName = text('a model as plugin:model');

/** A model with what belongs to it. */
const model = v.strictObject(
  {
    model: described(modelName, 'plugin:model, or only the plugin for its first model; the plugin may be a path.'),
    name: v.optional(
      described(text('a name'), 'What rows and messages call the model; needed if the same model is there twice.'),
    ),
    checkpoint: v.optional(
      described(text('a file or folder'), "The model's weights; default: what `hearken pull` downloaded."),
    ),
    options: v.optional(described(optionsOfModel, "Options for the plugin's loadModel.")),
    weights: v.optional(
      described(text('a name of weights'), 'Which weights to use if a checkpoint has several sets, such as ema.'),
    ),
    provider: v.optional(described(oneOf(['cpu', 'webgpu', 'cuda']), 'Execution provider.')),
  },
  'a model as plugin:model, or an object with a field model',
);

/** One label of the head, or several. */
const labelsOfHead = v.union(
  [text('a label of the head'), list(text('a label of the head'), 10_000, 'a list of labels')],
  'a label of the head, or a list of labels',
);

const labelMap = v.pipe(
  v.custom<Record<string, string | string[]>>(
    (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
    'an object of labels',
  ),
  v.check((input) => !Object.hasOwn(input, '__proto__'), 'an object without a field __proto__'),
  v.record(v.string(), labelsOfHead, 'an object of labels'),
);

const crops = v.strictObject(
  {
    count: described(whole(1, 1000), 'How many crops.'),
    seconds: v.optional(
      described(
        v.pipe(
          v.number('a length over 0'),
          v.gtValue(0, 'a length over 0'),
          v.maxValue(3600, 'a length of up to 3600'),
        ),
        'Length of a crop; default: 5.',
      ),
    ),
    aggregate: v.optional(described(oneOf(['mean', 'max']), "How the crops' probabilities become one; default: mean.")),
  },
  'an object with a field count',
);

const probeName = text("a probe, such as 'linear'");

const recipeSettings = v.pipe(
  v.custom<Record<string, number | string | boolean>>(
    (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
    'an object of settings',
  ),
  v.check((input) => !Object.hasOwn(input, '__proto__'), 'an object without a field __proto__'),
  v.record(
    v.string(),
    v.union([v.number('a number'), v.string('text'), v.boolean('true or false')], 'a number, text, true or false'),
    'an object of settings',
  ),
);

/** A way of scoring: the settings of a probe, or a protocol. */
const evaluation = v.strictObject(
  {
    protocol: v.optional(
      described(
        oneOf(protocols.map(({ name }) => name)),
        'A protocol, which prescribes the probe and its grid; only its tasks are scored.',
      ),
    ),
    probe: v.optional(described(probeName, 'What is trained on the embeddings; default: mlp.')),
    grid: v.optional(described(oneOf(gridNames), "The hyper-parameters to try, heareval's; default: default.")),
    gridPoints: v.optional(described(whole(1, 10_000), 'How many combinations of them; default: 8.')),
    pca: v.optional(
      described(componentsOrShare, 'Principal components: their number, or below 1 the share of the variance to keep.'),
    ),
    seed: v.optional(described(whole(0, 2 ** 40), 'The same seed gives the same numbers; default: 0.')),
    seeds: v.optional(described(whole(1, 1000), 'How many seeds, starting from seed; default: 1.')),
    labelMap: v.optional(
      described(
        labelMap,
        "Probe head: for labels of tasks that the model's head names otherwise, one or more labels of the head.",
      ),
    ),
    labels: v.optional(
      described(
        list(text('a name'), 100_000, 'a list of names'),
        "Probe head: names of the head's labels in the order of its outputs; default: the checkpoint's.",
      ),
    ),
    crops: v.optional(
      described(crops, 'Probe head: answer from random crops of each clip; default: from the clip as a whole.'),
    ),
  },
  'a probe, or an object with fields such as probe, seeds or protocol',
);

/** A recipe with its settings. */
const recipe = v.strictObject(
  {
    recipe: described(text('a recipe'), 'Name of the recipe.'),
    settings: v.optional(described(recipeSettings, 'Settings that differ from those of the recipe.')),
    seed: v.optional(described(whole(0, 2 ** 40), 'The same seed gives the same numbers; default: 0.')),
    seeds: v.optional(described(whole(1, 1000), 'How many seeds, starting from seed; default: 1.')),
  },
  'a recipe, or an object with a field recipe',
);

const generalization = v.strictObject(
  {
    column: described(text('a column of clips.csv'), 'A column of clips.csv, such as device.'),
    train: v.optional(
      described(list(text('a value'), 10_000, 'a list of values'), 'Values for training and validation.'),
    ),
    test: v.optional(described(list(text('a value'), 10_000, 'a list of values'), 'Values for testing.')),
  },
  'an object with a field column',
);

/**
 * A campaign file, field by field. This is the single definition of the format: the reader and the JSON Schema for
 * editors are derived from it.
 */
export const campaignSchema = v.strictObject(
  {
    models: described(
      list(v.union([modelName, model]), 1000, 'a list of one or more models'),
      'The models, each as plugin:model or as an object.',
    ),
    tasks: described(
      list(text('a path'), 10_000, 'a list of one or more paths'),
      'HEAR task folders, archives, or folders that contain them.',
    ),
    evaluations: v.optional(
      described(
        list(v.union([probeName, evaluation]), 100, 'a list of one or more evaluations'),
        'How embeddings are scored, each as a probe or as an object; default: the MLP probe.',
      ),
    ),
    recipes: v.optional(
      described(
        list(v.union([text('a recipe'), recipe]), 100, 'a list of one or more recipes'),
        'Recipes by which the models are fine-tuned on the tasks, besides the evaluations of their embeddings.',
      ),
    ),
    trainFractions: v.optional(
      described(
        list(share, 100, 'a list of shares over 0 and up to 1'),
        'Shares of the training clips, each for a separate result.',
      ),
    ),
    generalization: v.optional(
      described(generalization, 'Train on some values of a column of clips.csv, and test on others.'),
    ),
    skipUnreadable: v.optional(described(v.boolean('true or false'), 'Leave out clips that cannot be read.')),
    extensions: v.optional(
      described(
        list(text('a module'), 100, 'a list of one or more modules'),
        'Modules with custom metrics and probes, whose code is run.',
      ),
    ),
    out: v.optional(described(text('a folder'), 'Folder for the results; default: results in the current folder.')),
    cache: v.optional(described(text('a folder'), 'Cache of embeddings, unpacked tasks and unfinished runs.')),
    threads: v.optional(described(whole(1, 1024), 'Threads for inference and probes; default: all cores.')),
  },
  'an object with models and tasks',
);

/** A campaign file's content, as its author wrote it. */
export type CampaignDocument = v.InferOutput<typeof campaignSchema>;
