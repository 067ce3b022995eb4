/**
 * What identifies the checkpoints of a model family: names and shapes of tensors, whatever prefix a file gives the
 * names (`model.`, `module.encoder.`).
 */
export interface CheckpointFamily {
  /** What such a checkpoint is, with its article: `an EfficientAT network`. */
  readonly description: string;
  /** Names of tensors that every checkpoint of the family has; at least one. */
  readonly landmarks: readonly string[];
  /** Names of tensors that no checkpoint of the family has, although other families with the same landmarks do. */
  readonly without?: readonly string[];
  /** Shapes of landmarks; null where a dimension may have any size. */
  readonly shapes?: Readonly<Record<string, readonly (number | null)[]>>;
}

/** More than any plugin needs; bounds the work that a list in an untrusted package.json can cause. */
const limits = { families: 64, names: 64, characters: 500, dimensions: 16 };

/** What is wrong with a list of families, worded for an error message; undefined if it is valid. */
export function familiesProblem(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > limits.families) {
    return `checkpoints, which is not a list of up to ${limits.families} families`;
  }
  const index = value.findIndex((family) => !isFamily(family));
  return index < 0
    ? undefined
    : `checkpoints[${index}], which is not { description, landmarks: [NAME, ...], without?, shapes? }`;
}

function isFamily(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { description, landmarks, without = [], shapes = {} } = value as Readonly<Record<string, unknown>>;
  if (!isName(description) || !areNames(landmarks) || landmarks.length === 0 || !areNames(without)) return false;
  if (typeof shapes !== 'object' || shapes === null) return false;
  return Object.entries(shapes).every(([name, shape]) => landmarks.includes(name) && isShape(shape));
}

function areNames(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length <= limits.names && value.every(isName);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= limits.characters;
}

function isShape(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= limits.dimensions &&
    value.every((size) => size === null || Number.isSafeInteger(size))
  );
}
