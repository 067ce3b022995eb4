import { CheckpointError, OptionError } from '@hearken/core';
import type { Checkpoint } from './checkpoint.js';
import { flattenedAverages, isAverage, unnamedAverages, words } from './weight-averages.js';
import { below, distinctSets, modelPrefixes, MOST_SETS, type SelectedWeights, wrappers } from './weight-sets.js';

export type { SelectedWeights };

/** One line of help for a plugin's option `weights`. */
export const weightsHelp =
  "which set of weights to use if a checkpoint has several, such as 'ema' or 'raw' (an exponential moving average or the trained weights), 'student' or 'teacher'";

/** How the provenance records the choice among several sets of weights; empty if there was no choice. */
export function chosenWeights({ chosen }: SelectedWeights): {
  /** The name of the chosen set. */
  readonly weights?: string;
} {
  return chosen === undefined ? {} : { weights: chosen };
}

/** How to find a model in a checkpoint. */
export interface WeightsNeed {
  /** Tensor names that every such model has. */
  readonly landmarks: readonly string[];
  /** The option `weights`, as passed by the user. */
  readonly weights?: unknown;
}

/**
 * The part of a checkpoint that is one model, found by tensors that every such model has. Their prefix (`module.`,
 * `state_dict.net.`, `model._orig_mod.`, `backbone.`) is removed from all names, and tensors without it, such as an
 * optimizer's or a classifier next to the backbone, are left out. Wrappers that PyTorch puts inside a model
 * (`_orig_mod`, `module`, `_fsdp_wrapped_module`, `_checkpoint_wrapped_module`) are removed anywhere in the names.
 *
 * A checkpoint may contain several sets of weights: the trained weights and their exponential moving average, or a
 * student and its teacher. Only the caller knows which one is meant; two names for the same tensors count as one set.
 *
 * @returns undefined if no part of the file has the landmarks
 * @throws OptionError for several sets of weights without a choice, or a choice that is not in the file
 */
export function selectWeights(checkpoint: Checkpoint, need: WeightsNeed): SelectedWeights | undefined {
  const weights = checkWeightsOption(need.weights);
  const prefixes = modelPrefixes(checkpoint, need.landmarks);
  if (prefixes.length > MOST_SETS) throw tooMany(checkpoint, prefixes.length);
  const named = prefixes.map((prefix) => below(checkpoint, prefix, prefixes));
  const sets = distinctSets([...named, ...flattenedAverages(checkpoint, named, need.landmarks)]);
  if (sets.length === 0) return undefined;
  const unnamed = unnamedAverages(checkpoint, sets);
  const isOnlySet = sets.length === 1 && unnamed === undefined;
  if (weights === undefined) {
    if (!isOnlySet) throw ambiguous(checkpoint, sets, unnamed);
    return sets[0];
  }
  const found = chooseSet(checkpoint, sets, unnamed, weights);
  return isOnlySet ? found : { ...found, chosen: labelOf(found) };
}

/**
 * Another part of the model next to a selected one, such as its classifier: of all parts that have the landmarks, the
 * one whose names share the longest prefix with the selected one.
 */
export function selectBeside(
  checkpoint: Checkpoint,
  selected: SelectedWeights,
  landmarks: readonly string[],
): SelectedWeights | undefined {
  const shared = (prefix: string) => {
    const own = selected.prefix.split('.');
    const others = prefix.split('.');
    let count = 0;
    while (count < own.length - 1 && own[count] === others[count]) count += 1;
    return count;
  };
  const prefixes = modelPrefixes(checkpoint, landmarks);
  if (prefixes.length === 0) return undefined;
  return below(
    checkpoint,
    prefixes.reduce((best, prefix) => (shared(prefix) > shared(best) ? prefix : best)),
    [],
  );
}

function checkWeightsOption(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 200) return value.trim();
  throw new OptionError({
    asked: `option weights ${JSON.stringify(value)}`,
    found: 'not the name of a set of weights',
    fix: `weights: ${weightsHelp}`,
  });
}

/** The name of a set: the prefix of its tensor names, or `raw` if there is none. */
function labelOf({ prefix }: Pick<SelectedWeights, 'prefix'>): string {
  return prefix === '' ? 'raw' : prefix.slice(0, -1);
}

function chooseSet(
  checkpoint: Checkpoint,
  sets: readonly SelectedWeights[],
  unnamed: string | undefined,
  asked: string,
): SelectedWeights {
  const wanted = asked.toLowerCase();
  const tests: ((set: SelectedWeights) => boolean)[] = [
    (set) => labelOf(set).toLowerCase() === wanted,
    (set) => set.prefix.toLowerCase().split('.').slice(0, -1).includes(wanted),
    (set) => set.prefix.split('.').some((part) => words(part).includes(wanted)),
    // A set that is neither an average nor a teacher is the trained one.
    (set) => wanted === 'raw' && !isAverage(set.prefix),
  ];
  for (const test of tests) {
    const found = sets.filter(test);
    if (found.length === 1) return found[0];
    if (found.length > 1) break;
  }
  throw new OptionError({
    asked: `weights '${asked}' of ${checkpoint.name}`,
    found: `${sets.length === 1 ? 'one set' : `${sets.length} sets`} of weights: ${listed(sets)}${unnamedText(unnamed)}`,
    fix:
      sets.length === 1 && unnamed === undefined
        ? 'omit the option'
        : `pass one of the full names: ${sets.map((set) => `'${labelOf(set)}'`).join(' or ')}`,
  });
}

function tooMany(checkpoint: Checkpoint, count: number): CheckpointError {
  return new CheckpointError({
    asked: `the weights in ${checkpoint.name}`,
    found: `${count} sets of weights, over ${MOST_SETS}`,
    fix: 'save only the one you need, with torch.save(model.state_dict(), file)',
  });
}

function ambiguous(checkpoint: Checkpoint, sets: readonly SelectedWeights[], unnamed: string | undefined): OptionError {
  const count = sets.length + (unnamed === undefined ? 0 : 1);
  const names = sets.map((set) => shortLabel(set, sets)).slice(0, 8);
  return new OptionError({
    asked: `the weights in ${checkpoint.name}`,
    found: `${count} sets of weights: ${listed(sets)}${unnamedText(unnamed)}`,
    fix: `choose one with --weights ${names.join(' or --weights ')} (in code: options.weights)`,
  });
}

function listed(sets: readonly SelectedWeights[]): string {
  const shown = sets
    .slice(0, 8)
    .map((set) => (set.prefix === '' ? "'raw' (names without prefix)" : `'${labelOf(set)}'`));
  return `${shown.join(', ')}${sets.length > shown.length ? ', ...' : ''}`;
}

function unnamedText(unnamed: string | undefined): string {
  return unnamed === undefined ? '' : `, and '${unnamed}', an unnamed list, which cannot be used`;
}

/** The shortest name that selects a set: `ema` for `ema.module`, `raw` for weights that have averages next to them. */
function shortLabel(set: SelectedWeights, sets: readonly SelectedWeights[]): string {
  const others = sets.filter((other) => other !== set);
  const own = set.prefix.split('.').slice(0, -1);
  if (!isAverage(set.prefix) && others.every(({ prefix }) => isAverage(prefix))) return 'raw';
  if (isAverage(set.prefix) && !others.some(({ prefix }) => isAverage(prefix))) {
    const word = own.flatMap(words).find((one) => isAverage(one));
    if (word !== undefined) return word;
  }
  const isUnique = (part: string) => !others.some(({ prefix }) => prefix.split('.').includes(part));
  return own.find((part) => !wrappers.has(part) && isUnique(part)) ?? labelOf(set);
}
