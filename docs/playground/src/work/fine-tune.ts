import { OptionError, signalBatch, type TrainableModel } from '@hearken/core';
import { Random } from '@hearken/metrics';
import { createWebSession } from '@hearken/onnx/web';
import { type Examples, fineTune, planFineTuning, resolveRecipe, type ResolvedRecipe } from '@hearken/train';
import { prepareRows, type RowForm, rowForm } from '@hearken/bench/web';
import { clipSignal } from './clip-signal.js';
import type { FineTunedModel, LabelledClip, TrainingAsk, TrainingPlan } from './jobs.js';
import { pluginLoaders } from './plugin-loaders.js';
import type { JobContext } from './serve-jobs.js';
import { timed } from './stopwatch.js';
import { splitClips } from './training-split.js';

/** Of the 4 GiB that WebAssembly can address: the runtime and fragmentation take some. */
const availableBytes = 3.5e9;
/** Determines the head's first weights and the order of clips. */
const seed = 1;

/** The opened model: this worker trains only one. */
let opened: Promise<TrainableModel> | undefined;

/** What a training will take; its graph is made for that, but no clip is read. */
export async function planTraining(ask: TrainingAsk): Promise<TrainingPlan> {
  const { recipe, request, split } = await prepared(ask);
  const plan = planFineTuning(request);
  return {
    bytes: plan.bytes,
    availableBytes,
    elements: plan.trainedElements,
    updates: plan.updates,
    epochs: recipe.settings.epochs as number,
    batch: plan.batch,
    trained: split.trained.length,
    heldOut: split.heldOut.length,
  };
}

/**
 * Fine-tunes a model on labelled clips and keeps the weights that label most of the clips held out rightly; of those, the
 * ones with the lowest loss there, because a few clips are soon all right.
 *
 * @throws OptionError for a training that takes too much memory; what reading a clip throws; NotFiniteError
 */
export async function fineTuneModel(
  ask: TrainingAsk,
  { abortSignal, tell }: JobContext<'fineTune'>,
): Promise<FineTunedModel> {
  const { model, rows, labels, split, request } = await prepared(ask);
  const total = ask.clips.length;
  const examples: Float32Array[] = [];
  for (const clip of ask.clips) {
    tell({ kind: 'reading', done: examples.length, total });
    const signal = await clipSignal(clip, model, abortSignal);
    abortSignal.throwIfAborted();
    examples.push(await prepareRows(signalBatch([signal], model.channels), model, rows));
  }
  const examplesOf = (kept: readonly number[]) =>
    examplesIn(
      kept.map((row) => examples[row]),
      kept.map((row) => labels.indexOf(ask.clips[row].label)),
      labels.length,
    );
  const heldOut = split.heldOut.map((row) => labels.indexOf(ask.clips[row].label));
  let best = 0;
  const trained = await timed(() =>
    fineTune({
      ...request,
      data: examplesOf(split.trained),
      validation: examplesOf(split.heldOut),
      createSession: createWebSession,
      session: { executionProvider: 'wasm' },
      random: (number) => new Random(number),
      seed,
      memoryBytes: availableBytes,
      score(logits) {
        const { right, loss } = heldOutResult(logits, heldOut);
        const score = right / heldOut.length;
        tell({ kind: 'score', score });
        best = Math.max(best, score);
        return right + 1 / (1 + loss);
      },
      maximize: true,
      onUpdate({ update, totalUpdates, epoch, loss }) {
        tell({ kind: 'update', update, updates: totalUpdates, epoch, loss });
      },
      abortSignal,
    }),
  );
  const { weights, epoch } = trained.value;
  const files = await model.save({ tensors: weights, labels, kind: 'multiclass' });
  return {
    files: files.map(({ name, parts }) => new File(parts as Uint8Array<ArrayBuffer>[], name)),
    ...{ labels, score: best, epoch, seconds: trained.seconds },
  };
}

async function prepared({ clips, recipe: name, settings, ...ask }: TrainingAsk) {
  const { default: plugin } = await pluginLoaders[ask.plugin as keyof typeof pluginLoaders]();
  const { training } = plugin;
  if (training === undefined) {
    throw new OptionError({
      asked: `fine-tuning of a model of plugin '${ask.plugin}'`,
      found: 'a plugin without training',
      fix: 'load a model that can be fine-tuned, such as EfficientAT',
    });
  }
  const runtime = { executionProvider: 'wasm' } as const;
  opened ??= training.open(ask.source, { ...(ask.model === undefined ? {} : { model: ask.model }), runtime });
  const model = await opened;
  const recipe: ResolvedRecipe = resolveRecipe(name, training.recipes ?? {}, ask.plugin, settings);
  const labels = [...new Set(clips.map(({ label }) => label))].sort();
  const split = splitClips(clips.map(({ label }) => label));
  const rows: RowForm = rowForm(model, commonSeconds(clips));
  const data = { count: split.trained.length, outputs: labels.length };
  const request = { model, recipe, form: rows.form, kind: 'multiclass' as const, data };
  return { model, recipe, rows, labels, split, request };
}

/** The length of the clips; undefined if they differ by more than a hundredth. */
function commonSeconds(clips: readonly LabelledClip[]): number | undefined {
  const seconds = clips.map((clip) => clip.seconds);
  const longest = Math.max(...seconds);
  return Math.min(...seconds) >= 0.99 * longest ? longest : undefined;
}

/** @param targets the label of each row, from 0 to `outputs` (exclusive) */
function examplesIn(values: readonly Float32Array[], targets: readonly number[], outputs: number): Examples {
  const size = values[0].length;
  return {
    ...{ count: values.length, size, outputs },
    gather(rows, start, end, examples, labels) {
      labels.fill(0, 0, (end - start) * outputs);
      for (let place = start; place < end; place += 1) {
        const row = rows[place];
        examples.set(values[row], (place - start) * size);
        labels[(place - start) * outputs + targets[row]] = 1;
      }
    },
  };
}

/** How many rows have their largest logit at their label, and the mean cross entropy. */
function heldOutResult(logits: Float32Array, targets: readonly number[]): { right: number; loss: number } {
  const outputs = logits.length / targets.length;
  let [right, loss] = [0, 0];
  targets.forEach((target, row) => {
    const own = [...logits.subarray(row * outputs, (row + 1) * outputs)];
    const largest = Math.max(...own);
    if (own.indexOf(largest) === target) right += 1;
    const sum = own.reduce((total, logit) => total + Math.exp(logit - largest), 0);
    loss += (largest + Math.log(sum) - own[target]) / targets.length;
  });
  return { right, loss };
}
