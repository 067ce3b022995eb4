import type { Provenance } from '@hearken/core';
import * as v from 'valibot';
import { executionOf } from '../models/execution.js';
import { anyByName, byName, finiteOrNull, sha256, text, whole } from './fields.js';
import type { Result } from './result.js';
import { resultSchema, resultSchemaVersion } from './result-schema.js';
import { scoresByMetric } from './score-schema.js';

const { entries } = resultSchema;

/** A file next to a result; earlier versions did not state its hash. */
const file = v.nullish(
  v.object(
    {
      /** Its name, in the result's folder. */
      file: text(),
      /** Of the file, in hexadecimal. */
      sha256: v.optional(sha256),
      /** Of the array. */
      shape: v.optional(v.pipe(v.array(whole(), 'a shape'), v.maxLength(8, 'a shape'))),
    },
    'a file, or null',
  ),
);

const folds = v.pipe(
  v.array(
    v.object(
      {
        /** Name of the test split. */
        test: text(),
        /** Test rows. */
        rows: whole(),
        /** Test score by metric. */
        scores: scoresByMetric,
      },
      'a fold with its scores',
    ),
    'a list of folds',
  ),
  v.nonEmpty('a list of folds'),
);

/**
 * The fields of a result file of version 1 that are needed to read it: fields were added over time, and earlier files
 * lack the later ones. Verification checks for the other fields that it needs.
 */
export const version1Schema = v.object(
  {
    /** Version of this layout. */
    schemaVersion: v.literal(1, '1'),
    /** What computed it. */
    harness: v.object({ name: entries.harness.entries.name }, 'an object'),
    /** Which task, and how large it is. */
    task: v.object(
      {
        ...v.pick(entries.task, ['id', 'name', 'mode', 'labels', 'clips']).entries,
        /** Of metadata, vocabulary, labels and the clips at `sampleRate`. */
        contentHash: text(),
        /** How the splits are used to train, validate and test. */
        splitMode: text(),
      },
      'an object',
    ),
    /** Which embeddings were scored. */
    model: v.object(v.pick(entries.model, ['plugin', 'model']).entries, 'an object'),
    /** How they were scored. */
    evaluation: v.object({ ...v.omit(entries.evaluation, ['clipsSha256']).entries, grid: text() }, 'an object'),
    extensions: entries.extensions,
    leftOut: entries.leftOut,
    metric: entries.metric,
    /** By metric. */
    scores: byName(
      v.object(
        {
          /** Mean over folds and seeds. */
          mean: finiteOrNull,
          /** Deviation over folds. */
          deviation: finiteOrNull,
          /** Deviation over seeds. */
          seedDeviation: v.optional(finiteOrNull),
        },
        'an object with mean and deviation',
      ),
      'an object with mean and deviation of each metric',
    ),
    /** The score over the best HEAR 2021 submission's. */
    normalizedScore: v.optional(finiteOrNull),
    /** The first seed's. */
    folds,
    /** Every seed, the first one included; absent for a single seed. */
    seeds: v.optional(
      v.array(
        v.object({ seed: whole(), scores: scoresByMetric, folds, predictions: file }, 'the scores and folds of a seed'),
        'the folds of each seed',
      ),
    ),
    configuration: anyByName,
    warnings: entries.warnings,
    predictions: file,
    testClips: file,
  },
  'a JSON object',
);

/**
 * Converts a result of version 1 to version 2, which has two more fields. Fields that a file of version 1 lacks stay
 * absent: every field that is not in `version1Schema` may be missing.
 *
 * @param name file name: in version 1, it alone tells whether the evaluation was the default one, whose result has the
 *   plain name `<task>.json`; other names contain part of a hash
 */
export function fromVersion1(document: Readonly<Record<string, unknown>>, name: string): Result {
  const model = document.model as Provenance;
  const execution = executionOf(model);
  return {
    ...document,
    schemaVersion: resultSchemaVersion,
    model: { ...model, ...(execution === undefined ? {} : { execution }) },
    isDefault: !/\.[0-9a-f]{8}\.json$/.test(name),
  } as unknown as Result;
}
