import * as v from 'valibot';
import { gridNames } from '../result/grid-names.js';
import { embeddingTypes, predictionTypes } from '@hearken/tasks/internal';
import { alternatives, anyByName, byName, date, finite, finiteOrNull, sha256, text, whole } from './fields.js';
import { gridPoint, predictionsFile, resultFold, resultScore, resultSeed } from './score-schema.js';
import { extensionRecord, mostExtensions } from './extension-schema.js';

/** Raised when a field changes its meaning or goes; new fields do not raise it. */
export const resultSchemaVersion = 2;

/** A result lists no more: what is left out by the thousand is no accident. */
export const maximumLeftOut = 10_000;

/** Values of a column of `clips.csv`. */
const columnValues = v.pipe(v.array(text(), 'a list of strings'), v.nonEmpty('a list of strings'));

/** A clip that a run went on without. */
export const leftOutClip = v.object(
  {
    /** The task's split that it is of. */
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
 * A result file of version 2, field by field: the one place that says what is in it. Types, the reader and the published JSON
 * Schema follow from it. Fields that it does not know are ignored.
 */
export const resultSchema = v.object(
  {
    /** Version of this layout. */
    schemaVersion: v.literal(resultSchemaVersion, String(resultSchemaVersion)),
    /** What computed it. */
    harness: v.object(
      {
        /** The name by itself. */
        name: v.literal('hearken', "'hearken'"),
        /** Semver. */
        version: v.string('a version'),
      },
      'an object',
    ),
    /** Which task, and how large it is. */
    task: v.object(
      {
        /** `taskName-version-mode` */
        id: text(),
        /** The name by itself. */
        name: text(),
        /** HEAR's `version`, such as `v2.0.0`. */
        version: v.string('a version'),
        /** `small`, `full`, `5h`: which edition of the task. */
        mode: text(),
        /** Of metadata, vocabulary, labels and the clips at `sampleRate`. */
        contentHash: sha256,
        /** Hz of the folder of clips that was read. */
        sampleRate: whole(1, 'a rate in Hz'),
        /** Whether clips are scored as wholes, or events within them. */
        embeddingType: v.picklist(embeddingTypes, alternatives(embeddingTypes)),
        /** Whether a clip has one label, any number of them, or numbers. */
        predictionType: v.picklist(predictionTypes, alternatives(predictionTypes)),
        /** How the splits come to train, validate and test; heareval's names. */
        splitMode: v.picklist(
          ['trainvaltest', 'new_split_kfold', 'presplit_kfold'],
          "'trainvaltest', 'new_split_kfold' or 'presplit_kfold'",
        ),
        /** `audio`, or `ecg` for `.npy` signals of several leads. */
        modality: v.picklist(['audio', 'ecg'], "'audio' or 'ecg'"),
        /** Labels, or targets of a regression task. */
        labels: whole(1),
        /** Clips of all splits, those aside that were left out. */
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
        /** Every option that changes the embedding, defaults included. */
        options: anyByName,
        /** The runtime that computed it, for people: such as `onnxruntime-node 1.30.0 cpu, 2 threads`. */
        backend: v.string('a string'),
        /** The same in parts. */
        execution: v.object(
          {
            /** The runtime with its version and execution provider: it is part of the model's identity. */
            runtime: v.string('a string'),
            /** Threads of an inference call, which change no embedding; absent if unknown. */
            threads: v.optional(whole(1)),
          },
          'an object with the runtime',
        ),
        /** The file that the weights are of; absent where none was passed, and in results of earlier versions. */
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
        /** Hz that the model takes. */
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
        /** How many points of the grid were tried, drawn by the seed. */
        gridPoints: whole(1),
        /** What all random numbers follow from. */
        seed: whole(),
        /** How often each split's probe was trained. */
        seeds: whole(1),
        /** Principal components, or the share of the variance that was kept; null for the embeddings themselves. */
        pca: finiteOrNull,
        /** Share of the training clips, over 0 and below 1; absent for all of them. */
        trainFraction: v.optional(v.pipe(finite('a share'), v.gtValue(0, 'a share'), v.maxValue(1, 'a share'))),
        /** Which clips train and which test, by a column of the task's `clips.csv`; absent for the task's splits as they are. */
        generalization: v.optional(
          v.object(
            {
              /** A column of the table. */
              column: text(),
              /** Values of the clips that train and validate, sorted. */
              train: columnValues,
              /** Values of the clips that test, sorted. */
              test: columnValues,
            },
            'a column and the values on both sides',
          ),
        ),
        /** Whether clips that could not be read were left out; absent where one of them would have ended the run. */
        skipUnreadable: v.optional(v.literal(true, 'true') as unknown as v.GenericSchema<boolean>),
        /** SHA-256 of `clips.csv`, where its groups or values decided which clips train or test. */
        clipsSha256: v.optional(sha256),
      },
      'an object',
    ),
    /** Whether nothing was chosen but model and task: the default evaluation, and no options of the model. Of several results of a task such a one represents the model. */
    isDefault: v.boolean('true or false'),
    /** The metrics and the probe of this evaluation that are none of Hearken's own; absent where there are none. */
    extensions: v.optional(
      v.pipe(
        v.array(extensionRecord, 'a list of metrics and probes with their versions'),
        v.maxLength(mostExtensions, `a list of at most ${mostExtensions}`),
      ),
    ),
    /** Clips that train, in each fold of the first draw; absent where all do that the task has for it. */
    trainClips: v.optional(v.array(whole(), 'a list of whole numbers')),
    /** Clips that could not be read and are in no split of this run; absent where one of them would have ended it. */
    leftOut: v.optional(
      v.pipe(
        v.array(leftOutClip, 'a list of clips, each with its split and why it was left out'),
        v.maxLength(maximumLeftOut, `a list of at most ${maximumLeftOut} clips`),
      ),
    ),
    /** Whose the clips are, where the task's `clips.csv` names groups. */
    groups: v.optional(
      v.object(
        {
          /** The column of `clips.csv` that names them. */
          column: v.string('a string'),
          /** What they are, such as `patient` or `video`, where the task says. */
          by: v.optional(v.string('a string')),
          /** How many there are in each split of the task. */
          splits: byName(whole()),
        },
        'an object',
      ),
    ),
    /** What made the sample rate of the clips that of the model; absent where nothing had to. */
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
    /** The metric that decides: the task's first. */
    metric: text(),
    /** By metric: mean over folds and seeds, deviation, confidence interval. */
    scores: byName(resultScore, 'an object with mean and deviation of each metric'),
    /** The score over the best HEAR 2021 submission's; null for other tasks than HEAR's. */
    normalizedScore: finiteOrNull,
    /** The first seed's. */
    folds: v.pipe(v.array(resultFold, 'a list of folds'), v.nonEmpty('a list of folds')),
    /** Every seed, the first one included; absent for a single seed. */
    seeds: v.optional(v.array(resultSeed, 'the folds of each seed')),
    /** The hyper-parameters that won on the first split's validation. */
    configuration: anyByName,
    /** Every point of the grid that was tried. */
    gridPoints: v.array(gridPoint, 'a list of grid points'),
    /** Epochs of all trainings together, the grid's included. */
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
    /** Clips whose embeddings were in the cache when the run began. */
    cachedClips: whole(),
    /** The most memory that the process had held when the result was made. */
    peakMemoryBytes: finite(),
    /** Where the answers for the test clips are; null where they were not kept. */
    predictions: v.nullable(predictionsFile),
    /** Where the names and the labels of the test clips are: a JSON Lines file beside it. */
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
    /** What a reader of the score should know, in whole sentences. */
    warnings: v.array(v.string('a string'), 'a list of strings'),
    /** What the numbers take for granted, in whole sentences: nothing went wrong. Results of earlier versions lack it. */
    assumptions: v.optional(v.array(v.string('a string'), 'a list of strings')),
  },
  'a JSON object',
);
