import { trainingSeed } from '@hearken/metrics/internal';
import { TaskError } from '@hearken/core';
import { dataSplits } from '../splits.js';
import type { Clip, DataSplit, Task } from '../task.js';
import type { ClipTable } from './clip-table.js';
import type { Generalization } from './generalization.js';
import { tooRareLabels, trainingKeys, type DrawnClip } from './training-keys.js';

/** Which splits are wanted. */
export interface SplitRequest {
  /** Share of the training clips, over 0 and below 1; default: all. */
  readonly trainFraction?: number;
  /** Which clips train and which test, if not as the task says. */
  readonly generalization?: Generalization;
  /** Seed of the first draw; further draws use `seed + 1` and so on. */
  readonly seed: number;
  /** Number of draws; default: 1. */
  readonly seeds?: number;
}

/** Some clips of a split, by index. */
export interface PickedClips {
  /** The task's split they are from. */
  readonly split: string;
  /** In ascending order. */
  readonly clips: readonly number[];
}

/** Which clips train, validate and test. */
export interface SplitPlan {
  /** By the names in `folds`; test splits keep their names. */
  readonly picked: ReadonlyMap<string, PickedClips>;
  /** The folds of each draw. */
  readonly folds: readonly (readonly DataSplit[])[];
  /** Training clips in each fold of the first draw. */
  readonly trainClips: readonly number[];
  /** What readers of the score should know, in whole sentences. */
  readonly warnings: readonly string[];
}

/**
 * Plans a smaller training set, a test on other devices or sites, or both. Validation and test clips are the task's,
 * except those that the generalisation leaves out.
 *
 * @param table the task's `clips.csv`; if it has groups, they are drawn as a whole
 * @throws TaskError if no clip is left to train, validate or test on
 */
export function planSplits(
  task: Pick<Task, 'id' | 'metadata' | 'splits'>,
  table: ClipTable | undefined,
  request: SplitRequest,
): SplitPlan {
  const plan = new Plan(task, table, request);
  const { seed, seeds = 1, trainFraction } = request;
  const draws = trainFraction === undefined ? 1 : seeds;
  const folds = Array.from({ length: draws }, (_, draw) => plan.folds(seed + draw));
  const trainClips = folds[0].map(({ train }) => train.reduce((sum, name) => sum + plan.count(name), 0));
  return { picked: plan.picked, folds, trainClips, warnings: [...plan.warnings] };
}

class Plan {
  readonly picked = new Map<string, PickedClips>();
  readonly warnings = new Set<string>();
  readonly #names = new Map<string, string>();

  constructor(
    readonly task: Pick<Task, 'id' | 'metadata' | 'splits'>,
    readonly table: ClipTable | undefined,
    readonly request: SplitRequest,
  ) {
    // Test splits come first: they keep their names.
    for (const { test } of dataSplits(task)) for (const split of test) this.#named(split, this.#sided(split, 'test'));
  }

  count(name: string): number {
    return this.picked.get(name)?.clips.length ?? 0;
  }

  folds(seed: number): DataSplit[] {
    return dataSplits(this.task).map(({ train, valid, test }, fold) => ({
      train: this.#drawn(train, trainingSeed(seed, fold)),
      valid: valid.map((split) => this.#named(split, this.#sided(split, 'train'))),
      test: test.map((split) => this.#named(split, this.#sided(split, 'test'))),
    }));
  }

  /** Training splits with as many of their clips, counted together, as the fraction asks for. */
  #drawn(splits: readonly string[], seed: number): string[] {
    const places = splits.flatMap((split) => this.#sided(split, 'train').map((clip) => ({ split, clip })));
    const { trainFraction } = this.request;
    if (trainFraction === undefined) return splits.map((split) => this.#named(split, this.#sided(split, 'train')));
    const clips = places.map(({ split, clip }) => this.#drawnClip(split, this.#clips(split)[clip]));
    const keys = trainingKeys(clips, seed);
    this.#warnOfRare(tooRareLabels(clips, trainFraction), trainFraction);
    return splits.flatMap((split) => {
      const own = places.flatMap((place, index) =>
        place.split === split && keys[index] < trainFraction ? [place.clip] : [],
      );
      return own.length === 0 ? [] : [this.#named(split, own)];
    });
  }

  #drawnClip(split: string, { name, labels, events, values }: Clip): DrawnClip {
    const column = this.table?.groupColumn;
    const group = column === undefined ? undefined : this.table?.cell(split, name, column);
    return {
      ...(group === undefined || group === '' ? {} : { group: `group ${group}` }),
      labels: labels.length > 0 ? labels : events.map(({ label }) => label),
      ...(values === undefined ? {} : { value: values[0] }),
    };
  }

  #warnOfRare(labels: readonly string[], fraction: number): void {
    if (labels.length === 0) return;
    const named = labels
      .slice(0, 8)
      .map((label) => `'${label}'`)
      .join(', ');
    const more = labels.length > 8 ? ` and ${labels.length - 8} more` : '';
    this.warnings.add(
      `task '${this.task.id}': ${fraction} of the training clips is less than one clip of ${named}${more}; one of each is kept`,
    );
  }

  #clips(split: string): readonly Clip[] {
    return this.task.splits.get(split) ?? [];
  }

  /** The clips of a split that the generalisation keeps on one side. */
  #sided(split: string, side: 'train' | 'test'): number[] {
    const clips = [...this.#clips(split).keys()];
    const { generalization } = this.request;
    if (generalization === undefined) return clips;
    const { table, task } = this;
    const { column } = generalization;
    const values = this.#clips(split).map(({ name }) => table?.cell(split, name, column) ?? '');
    const wanted = generalization[side];
    const left = clips.filter((clip) => wanted.includes(values[clip]));
    if (left.length > 0) return left;
    const present = [...new Set(values)].sort().map((value) => {
      return `${value === '' ? 'unknown' : `'${value}'`} (${values.filter((one) => one === value).length})`;
    });
    throw new TaskError({
      asked: `clips of split '${split}' of task '${task.id}' with ${column} ${wanted.join(' or ')}, to ${side === 'test' ? 'test on' : 'train or validate on'}`,
      found: `none; it has ${present.join(', ')}`,
      fix: 'divide the values differently',
    });
  }

  /** The name for these clips of a split: the split's own if it is free. */
  #named(split: string, clips: readonly number[]): string {
    const key = JSON.stringify([split, clips]);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    let name = split;
    for (let index = 2; this.picked.has(name); index += 1) name = `${split} (${index})`;
    this.#names.set(key, name);
    this.picked.set(name, { split, clips });
    return name;
  }
}
