import * as v from 'valibot';
import { gridNames } from '../result/grid-names.js';
import { embeddingTypes, predictionTypes } from '@hearken/tasks/internal';
import { alternatives, anyByName, byName, date, finite, finiteOrNull, sha256, text, whole } from './fields.js';
import { gridPoint, predictionsFile, resultFold, resultScore, resultSeed } from './score-schema.js';
import { extensionRecord, mostExtensions } from './extension-schema.js';
import { finetuneSettings, headSettings } from './settings-schemas.js';

/** Incremented when a field changes its meaning or is removed, but not for new fields. */
export const resultSchemaVersion = 2;

/** The maximum number of clips left out that a result lists. */
export const maximumLeftOut = 10_000;

/** Values of a column of `clips.csv`. */
const columnValues = v.pipe(v.array(text(), 'a list of strings'), v.nonEmpty('a list of strings'));

/** A clip that a run left out. */
export const leftOutClip = v.object(
  {
    /** Its split in the task. */
    split: text(),
    /** Its file name. */
    clip: text(),
    /** Why it could not be read, in a few words. */
    reason: text(),
  },
  'a clip with its split and why it was left out',
);

/** The machine that a result was computed on. */
export const machine = v.object(
  {
    /** Version of Node.js. */
    node: v.string('a version'),
    /** Operating system, as Node.js calls it: `linux`, `darwin`, `win32`. */
    platform: v.string('a string'),
    /** Processor architecture, as Node.js calls it: `x64`, `arm64`. */
    architecture: v.string('a string'),
    /** Model of the first processor. */
    processor: v.string('a string'),
    /** Logical cores. */
    cores: whole(),
    /** Main memory. */
    memoryBytes: whole(),
  },
  'an object',
);

/**
 * A result file of version 2, field by field. This is the single definition of the format: types, the reader and the
 * published JSON Schema are derived from it. Unknown fields are ignored.
 */
export const resultSchema = v.object(
  {
    /** Version of this layout. */
    schemaVersion: v.literal(resultSchemaVersion, String(resultSchemaVersion)),
    /** What computed it. */
    harness: v.object(
      {
        /** The name alone. */
        name: v.literal('hearken', "'hearken'"),
        /** Semver. */
        version: v.string('a version'),
      },
      'an object',
    ),
    /** The task and its size. */
    task: v.object(
      {
        /** `taskName-version-mode` */
        id: text(),
        /** The name alone. */
        name: text(),
        /** HEAR's `version`, such as `v2.0.0`. */
        version: v.string('a version'),
        /** `small`, `full`, `5h`: which edition of the task. */
        mode: text(),
        /** Of metadata, vocabulary, labels and the clips at `sampleRate`. */
        contentHash: sha256,
        /** Sample rate, in Hz, of the clip folder that was read. */
        sampleRate: whole(1, 'a rate in Hz'),
        /** Whether whole clips are scored, or events within them. */
        embeddingType: v.picklist(embeddingTypes, alternatives(embeddingTypes)),
        /** Whether a clip has one label, any number of labels, or numbers. */
        predictionType: v.picklist(predictionTypes, alternatives(predictionTypes)),
        /** How the splits are used to train, validate and test; heareval's names. */
        splitMode: v.picklist(
          ['trainvaltest', 'new_split_kfold', 'presplit_kfold'],
          "'trainvaltest', 'new_split_kfold' or 'presplit_kfold'",
        ),
        /** `audio`, or `ecg` for `.npy` signals of several leads. */
        modality: v.picklist(['audio', 'ecg'], "'audio' or 'ecg'"),
        /** Number of labels, or of targets of a regression task. */
        labels: whole(1),
        /** Number of clips in all splits, without those left out. */
        clips: whole(1),
      },
      'an object',
    ),
    /** Which embeddings were scored, and where they come from. */
    model: v.object(
      {
        /** The plugin's short name, the part before the colon in `plugin:model`. */
        plugin: text(),
        /** The plugin's version. */
        pluginVersion: v.string('a version'),
        /** Model name within the plugin, such as `mn04_as`. */
        model: text(),
        /** SHA-256 of the checkpoint file in hexadecimal; null for a model without weights. */
        checkpointSha256: v.nullable(v.string('a SHA-256 in hexadecimal, or null')),
        /** How many weights were loaded; absent if the plugin doesn't say. */
        parameters: v.optional(whole()),
        /** All options that change the embedding, including defaults. */
        options: anyByName,
        /** The runtime that computed it, as text such as `onnxruntime-node 1.30.0 cpu, 2 threads`. */
        backend: v.string('a string'),
        /** The same in parts. */
        execution: v.object(
          {
            /** The runtime with its version and execution provider: it is part of the model's identity. */
            runtime: v.string('a string'),
            /** Threads of an inference call, which do not change embeddings; absent if unknown. */
            threads: v.optional(whole(1)),
          },
          'an object with the runtime',
        ),
        /** The file of the weights; absent if none was passed, and in results of earlier versions. */
        checkpoint: v.optional(
          v.object(
            {
              /** Name of the file or folder, without the folders above it. */
              file: v.string('a file name'),
              /** Whether it is the file that the model's authors publish. */
              published: v.boolean('true or false'),
            },
            'a file name, and whether it is published',
          ),
        ),
        /** Sample rate, in Hz, that the model expects. */
        sampleRate: finite('a rate in Hz'),
        /** 1 for audio, 12 for ECG. */
        channels: whole(1),
        /** Of the embeddings that were scored. */
        embeddingSize: whole(),
      },
      'an object',
    ),
    /** How they were scored. */
    evaluation: v.object(
      {
        /** What was trained on the embeddings. */
        probe: text(),
        /** Hyper-parameters to choose from. */
        grid: v.picklist(gridNames, gridNames.map((name) => `'${name}'`).join(' or ')),
        /** Number of grid points that were tried, drawn with the seed. */
        gridPoints: whole(1),
        /** Seeds all random numbers. */
        seed: whole(),
        /** How many times each split's probe was trained. */
        seeds: whole(1),
        /** Principal components, or the share of the variance that was kept; null for the embeddings themselves. */
        pca: finiteOrNull,
        /** Probe `head`: how the model's own head answered; absent for probes that are trained. */
        head: v.optional(headSettings),
        /** Probe `finetune`: how the model itself was trained; absent for probes on embeddings. */
        finetune: v.optional(finetuneSettings),
        /** Share of the training clips, above 0 and below 1; absent for all of them. */
        trainFraction: v.optional(v.pipe(finite('a share'), v.gtValue(0, 'a share'), v.maxValue(1, 'a share'))),
        /**
         * Which clips are for training and which for testing, by a column of the task's `clips.csv`; absent for the
         * task's own splits.
         */
        generalization: v.optional(
          v.object(
            {
              /** A column of the table. */
              column: text(),
              /** Values of the clips for training and validation, sorted. */
              train: columnValues,
              /** Values of the clips for testing, sorted. */
              test: columnValues,
            },
            'a column and the values on both sides',
          ),
        ),
        /** Whether unreadable clips were left out; if absent, the first of them would have ended the run. */
        skipUnreadable: v.optional(v.literal(true, 'true') as unknown as v.GenericSchema<boolean>),
        /** SHA-256 of `clips.csv`, if its groups or values decided which clips train or test. */
        clipsSha256: v.optional(sha256),
      },
      'an object',
    ),
    /**
     * Whether only the model and the task were chosen: the default evaluation, and no options of the model. If there
     * are several results of a task, this one represents the model.
     */
    isDefault: v.boolean('true or false'),
    /** The custom metrics and probe of this evaluation; absent if there are none. */
    extensions: v.optional(
      v.pipe(
        v.array(extensionRecord, 'a list of metrics and probes with their versions'),
        v.maxLength(mostExtensions, `a list of at most ${mostExtensions}`),
      ),
    ),
    /** Number of training clips in each fold of the first draw; absent if all of the task's training clips are used. */
    trainClips: v.optional(v.array(whole(), 'a list of whole numbers')),
    /** Unreadable clips, which are in no split of this run; if absent, the first of them would have ended it. */
    leftOut: v.optional(
      v.pipe(
        v.array(leftOutClip, 'a list of clips, each with its split and why it was left out'),
        v.maxLength(maximumLeftOut, `a list of at most ${maximumLeftOut} clips`),
      ),
    ),
    /** The groups of the clips, if the task's `clips.csv` names them. */
    groups: v.optional(
      v.object(
        {
          /** The column of `clips.csv` that names them. */
          column: v.string('a string'),
          /** What they are, such as `patient` or `video`, if the task says. */
          by: v.optional(v.string('a string')),
          /** How many there are in each split of the task. */
          splits: byName(whole()),
        },
        'an object',
      ),
    ),
    /** How the clips were resampled to the model's sample rate; absent if they were not. */
    resampler: v.optional(
      v.object(
        {
          /** Its kind. */
          name: v.string('a string'),
          /** Incremented whenever its results change. */
          version: finite(),
          /** Sample rate of the stored clips in Hz. */
          from: finite('a rate in Hz'),
          /** Sample rate of the model in Hz. */
          to: finite('a rate in Hz'),
          /** End of the flat passband, over the lower Nyquist frequency. */
          passbandEnd: finite(),
          /** Of the stopband, in dB. */
          attenuation: finite(),
        },
        'an object',
      ),
    ),
    /** The deciding metric: the task's first. */
    metric: text(),
    /** By metric: mean over folds and seeds, deviation, confidence interval. */
    scores: byName(resultScore, 'an object with mean and deviation of each metric'),
    /** The score divided by the best HEAR 2021 submission's; null for tasks that are not HEAR's. */
    normalizedScore: finiteOrNull,
    /** The folds of the first seed. */
    folds: v.pipe(v.array(resultFold, 'a list of folds'), v.nonEmpty('a list of folds')),
    /** All seeds, including the first one; absent for a single seed. */
    seeds: v.optional(v.array(resultSeed, 'the folds of each seed')),
    /** The hyper-parameters with the best validation score in the grid. */
    configuration: anyByName,
    /** All points of the grid that were tried. */
    gridPoints: v.array(gridPoint, 'a list of grid points'),
    /** Epochs of all trainings together, including the grid's. */
    epochsTrained: finite(),
    /** Time spent. */
    seconds: v.object(
      {
        /** Seconds that embedding took, in this run or in those that filled the cache. */
        embed: finite(),
        /** Seconds of all trainings together. */
        probe: finite(),
      },
      'an object',
    ),
    /** Number of clips whose embeddings were in the cache when the run began. */
    cachedClips: whole(),
    /** Peak memory of the process when the result was made. */
    peakMemoryBytes: finite(),
    /** Where the predictions for the test clips are; null if they were not stored. */
    predictions: v.nullable(predictionsFile),
    /** Where the names and the labels of the test clips are: a JSON Lines file next to the result. */
    testClips: v.nullable(
      v.object(
        {
          /** Its name, in the result's folder. */
          file: text(),
          /** Of the file, in hexadecimal. */
          sha256: v.optional(sha256),
        },
        'a file, or null',
      ),
    ),
    /** Where it was computed. */
    machine,
    /** ISO 8601, UTC. */
    startedAt: date,
    /** ISO 8601, UTC. */
    finishedAt: date,
    /** What a reader of the score should know, in full sentences. */
    warnings: v.array(v.string('a string'), 'a list of strings'),
    /** What the numbers assume, in full sentences; these are not problems. Absent in results of earlier versions. */
    assumptions: v.optional(v.array(v.string('a string'), 'a list of strings')),
  },
  'a JSON object',
);
