/* eslint-disable @typescript-eslint/no-empty-object-type -- interfaces rather than aliases: so errors and the API pages call them by name */
import type * as v from 'valibot';
import type { extensionRecord } from './extension-schema.js';
import type { leftOutClip, machine, resultSchema } from './result-schema.js';
import type { predictionsFile, resultFold, resultScore } from './score-schema.js';

/** The same, all of it readonly. */
type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;

/** The result of one model on one task, as its JSON file says it. */
export interface Result extends Frozen<v.InferOutput<typeof resultSchema>> {}

/** A metric's score in a result. */
export interface ResultScore extends Frozen<v.InferOutput<typeof resultScore>> {}

/** A fold in a result: its predictions, where they are kept, are in the predictions' file. */
export interface ResultFold extends Frozen<v.InferOutput<typeof resultFold>> {}

/** Where the test predictions of a result are: a `.npy` beside it, `[rows, labels]`, the folds one after the other. */
export interface PredictionsFile extends Frozen<v.InferOutput<typeof predictionsFile>> {}

/** A clip that a run went on without. */
export interface LeftOutClip extends Frozen<v.InferOutput<typeof leftOutClip>> {}

/** The machine that a result was computed on. */
export interface Machine extends Frozen<v.InferOutput<typeof machine>> {}

/** A metric or probe as results keep it: enough to tell its scores from another version's, and to read them without it. */
export interface ExtensionRecord extends Frozen<v.InferOutput<typeof extensionRecord>> {}
