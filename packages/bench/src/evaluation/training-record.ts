import type { ProbeConfiguration } from '@hearken/results';
import type { TrainedProbe } from '../probes/probe.js';
import type { JournalRecord } from './evaluation.js';

/** A trained probe and how long it took. */
export interface Training {
  readonly trained: TrainedProbe;
  readonly seconds: number;
}

interface TrainingValues extends Omit<TrainedProbe, 'arrays' | 'validationScore'> {
  /** A number, or its name if JSON cannot represent it. */
  readonly validationScore: number | 'Infinity' | '-Infinity' | 'NaN';
  readonly seconds: number;
  readonly configuration: ProbeConfiguration;
}

/** A finished training, as stored in a journal. */
export function recordOfTraining({ trained, seconds }: Training, configuration: ProbeConfiguration): JournalRecord {
  const { arrays, validationScore, ...rest } = trained;
  const score = Number.isFinite(validationScore) ? validationScore : String(validationScore);
  const values = { ...rest, validationScore: score, seconds, configuration } as TrainingValues;
  return { values: { ...values }, arrays };
}

/** The training in a record; undefined if it is for another configuration, for example from an older version. */
export function trainingOfRecord(record: JournalRecord, configuration: ProbeConfiguration): Training | undefined {
  const { validationScore, seconds, configuration: recorded, ...rest } = record.values as unknown as TrainingValues;
  if (JSON.stringify(recorded) !== JSON.stringify(configuration)) return undefined;
  return { trained: { ...rest, validationScore: Number(validationScore), arrays: record.arrays }, seconds };
}
