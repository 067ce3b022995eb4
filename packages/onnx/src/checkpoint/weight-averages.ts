import type { Checkpoint } from './checkpoint.js';
import { MOST_SETS, type SelectedWeights } from './weight-sets.js';

/**
 * Averages whose names have no dots, as stored by `LitEma` of the latent diffusion models
 * (`model_ema.features00weight`): their names are restored from the weights that they are averages of.
 *
 * @param named the sets of weights with complete names
 */
export function flattenedAverages(
  checkpoint: Checkpoint,
  named: readonly SelectedWeights[],
  landmarks: readonly string[],
): SelectedWeights[] {
  const landmark = landmarks[0].replaceAll('.', '');
  const parts = [...checkpoint.tensors.keys()]
    .filter((name) => name.endsWith(landmark) && isAverage(name))
    .slice(0, MOST_SETS);
  const found: SelectedWeights[] = [];
  for (const name of parts) {
    const root = name.slice(0, name.lastIndexOf('.') + 1);
    for (const raw of named) {
      const set = restored(checkpoint, root, raw);
      if (set !== undefined && landmarks.every((landmark) => set.tensors.has(landmark))) {
        found.push(set);
        break;
      }
    }
  }
  return found;
}

function restored(checkpoint: Checkpoint, root: string, raw: SelectedWeights): SelectedWeights | undefined {
  const outer = raw.prefix.split('.').slice(0, -1);
  for (let from = 0; from <= outer.length; from += 1) {
    const start = outer.slice(from).join('');
    const tensors = new Map(
      [...raw.tensors].map(([name, entry]) => {
        const average = checkpoint.tensors.get(`${root}${start}${name.replaceAll('.', '')}`);
        // Buffers, such as the statistics of batch norms, have no average: the model's are used.
        return [name, average === undefined ? entry : { ...average, name }] as const;
      }),
    );
    if ([...tensors].some(([name, { offset }]) => offset !== raw.tensors.get(name)?.offset)) {
      return { ...raw, tensors, prefix: root };
    }
  }
  return undefined;
}

/** Whether a part of a name marks what follows as an average of weights: `ema`, `model_ema`, `shadow_params`. */
export function isAverage(name: string): boolean {
  return name.split('.').some((part) => words(part).some((word) => averages.has(word)));
}

const averages: ReadonlySet<string> = new Set(['ema', 'shadow', 'swa', 'averaged', 'average', 'avg', 'polyak']);

/**
 * Where an average of weights is stored as an unnamed list (`ema.shadow_params`, of `torch_ema`), which can't be used.
 */
export function unnamedAverages(checkpoint: Checkpoint, sets: readonly SelectedWeights[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { name, shape } of checkpoint.tensors.values()) {
    const root = /^(.*)\.\d+$/.exec(name)?.[1];
    const isOther = sets.every(({ prefix }) => prefix === '' || !name.startsWith(prefix));
    if (root !== undefined && shape.length > 0 && isOther && isAverage(root)) {
      counts.set(root, (counts.get(root) ?? 0) + 1);
    }
  }
  return [...counts].find(([, count]) => count > 1)?.[0];
}

/** The words of `model_ema`, `modelEma` and `ema-state`, in lower case. */
export function words(part: string): string[] {
  return part
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+|(?<=[a-z])(?=\d)/)
    .filter((word) => word !== '');
}
