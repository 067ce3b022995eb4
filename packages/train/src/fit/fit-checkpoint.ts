import type { SnapshotTensor, TrainerSnapshot } from '../trainer/snapshot.js';

/** A training between two updates, in a form that can be stored: JSON values and arrays by name. */
export interface FitCheckpoint {
  /** Numbers, as stored in JSON. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Float32 arrays by name. */
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** What a training knows besides its weights. */
export interface FitProgress {
  best: { readonly score: number; readonly epoch: number } | null;
  withoutBetter: number;
  readonly history: { readonly epoch: number; readonly loss: number; readonly score: number | null }[];
  /** Losses of the current epoch. */
  losses: number[];
}

/** Everything that the rest of a training depends on. */
export interface FitState {
  readonly snapshot: TrainerSnapshot;
  readonly progress: FitProgress;
  readonly bestWeights: Map<string, Float32Array>;
}

/** Puts a training into a form that can be stored. */
export function checkpointOf(
  { updates, counts, tensors }: TrainerSnapshot,
  progress: FitProgress,
  bestWeights: ReadonlyMap<string, Float32Array>,
): FitCheckpoint {
  const arrays: Record<string, Float32Array> = {};
  const shapes: Record<string, readonly number[]> = {};
  for (const [name, { data, shape }] of tensors) [arrays[`trainer/${name}`], shapes[name]] = [data, shape];
  for (const [name, data] of bestWeights) arrays[`best/${name}`] = data;
  return { values: { updates, counts, shapes, progress: asJson(progress) }, arrays };
}

/** Takes a stored training apart; undefined if it is not complete. */
export function readCheckpoint({ values, arrays }: FitCheckpoint): FitState | undefined {
  const { updates, counts, shapes, progress } = values as {
    readonly updates?: number;
    readonly counts?: Record<string, number>;
    readonly shapes?: Record<string, readonly number[]>;
    readonly progress?: ReturnType<typeof asJson>;
  };
  if (updates === undefined || counts === undefined || shapes === undefined || progress === undefined) return undefined;
  const tensors = new Map<string, SnapshotTensor>();
  const bestWeights = new Map<string, Float32Array>();
  for (const [name, data] of Object.entries(arrays)) {
    const plain = name.slice(name.indexOf('/') + 1);
    if (name.startsWith('best/')) bestWeights.set(plain, data);
    else tensors.set(plain, { data, shape: shapes[plain] ?? [data.length] });
  }
  return { snapshot: { updates, counts, tensors }, progress: fromJson(progress), bestWeights };
}

/** Scores that JSON has no form for are written as text. */
function asJson({ best, withoutBetter, history, losses }: FitProgress) {
  return {
    best: best === null ? null : { ...best, score: String(best.score) },
    withoutBetter,
    history: history.map((one) => ({ ...one, score: one.score === null ? null : String(one.score) })),
    losses,
  };
}

function fromJson({ best, withoutBetter, history, losses }: ReturnType<typeof asJson>): FitProgress {
  return {
    best: best === null ? null : { ...best, score: Number(best.score) },
    withoutBetter,
    history: history.map((one) => ({ ...one, score: one.score === null ? null : Number(one.score) })),
    losses: [...losses],
  };
}
