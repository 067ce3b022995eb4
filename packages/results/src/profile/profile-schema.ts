import * as v from 'valibot';
import { date, finite, whole } from '../format/fields.js';
import { machine, resultSchema } from '../format/result-schema.js';

/** Incremented when a field changes its meaning or is removed, but not for new fields. */
export const profileVersion = 1;

const positive = v.pipe(finite(), v.gtValue(0, 'a number over 0'));

/** What was measured in a process. */
const measured = {
  /** Seconds from the call of the plugin's `loadModel` to a model that can embed. */
  loadSeconds: positive,
  /** Seconds of computing for each second of signal: below 1, the model keeps up with a signal as it arrives. */
  realTimeFactor: positive,
  /**
   * Peak memory in bytes of the process while it loaded and used the model: Node.js, Hearken and the runtime included,
   * and pages of the checkpoint that are mapped.
   */
  peakMemoryBytes: whole(1),
  /** Memory in bytes of the same process before the model was loaded. */
  idleMemoryBytes: whole(1),
};

/**
 * What a model costs on a machine: the content of a profile's file. This is the single definition of the format: the type, the
 * reader and the published JSON Schema are derived from it. Unknown fields are ignored.
 */
export const profileSchema = v.object(
  {
    /** Version of this layout. */
    profileVersion: v.literal(profileVersion, String(profileVersion)),
    /** Version of Hearken. */
    hearken: v.string('a version'),
    /** The model, as in a result. `embeddingSize` is that of a scene. */
    model: v.object(
      {
        ...resultSchema.entries.model.entries,
        /** Size of the weights' files in bytes; null if none were passed. */
        checkpointBytes: v.nullable(whole()),
      },
      'an object',
    ),
    /** Length in seconds of the synthetic clips. */
    clipSeconds: positive,
    /** Number of clips that were embedded in one batch, as in a run. */
    clips: whole(1),
    /** Medians over the runs. */
    ...measured,
    /** Each run, in a process of its own, after one that does not count. */
    runs: v.pipe(v.array(v.object(measured, 'an object'), 'a list of runs'), v.minLength(1), v.maxLength(1000)),
    /** Where it was measured. */
    machine,
    /** ISO 8601, UTC. */
    measuredAt: date,
  },
  'a JSON object',
);

/** What a model costs on a machine: the content of a profile's file. */
export type Profile = v.InferOutput<typeof profileSchema>;
