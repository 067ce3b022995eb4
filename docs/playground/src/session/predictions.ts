import { csvText } from '../work/csv-text.js';
import type { Session } from './session.js';

/** The classifier's predictions and training labels as a file; undefined if it is not trained. */
export function predictionsFile(session: Session, format: 'csv' | 'json'): Blob | undefined {
  const { probe, provenance } = session;
  const clips = session.embedded.flatMap((clip) => {
    const { name, label, answer } = clip;
    return answer === undefined ? [] : [{ name, label, answer, training: session.trainedOn.get(clip) }];
  });
  if (probe === undefined || provenance === undefined || clips.length === 0) return undefined;
  if (format === 'csv') {
    const head = [
      'name',
      'label',
      'predicted',
      'trained_on',
      'cross_validated',
      ...probe.labels.map((one) => `p_${one}`),
    ];
    const rows = clips.map(({ name, label, answer, training }) => {
      const texts = [name, label, answer.label, training === undefined ? 'no' : 'yes', training?.prediction ?? ''];
      return [...texts.map(csvText), ...answer.probabilities];
    });
    return new Blob([[head.map(csvText), ...rows].map((row) => `${row.join(',')}\r\n`).join('')], { type: 'text/csv' });
  }
  const { kind, folds, accuracy, balancedAccuracy, chance, confusion } = probe;
  const document = {
    provenance,
    classifier: {
      kind,
      /** Indices into `probabilities`, rows and columns of `confusion`, and outputs of the ONNX model. */
      labels: Object.fromEntries(probe.labels.map((label, index) => [index, label])),
      clips: probe.clips,
      crossValidation: {
        folds,
        accuracy,
        chance,
        balancedAccuracy,
        balancedChance: 1 / probe.labels.length,
        confusion,
      },
    },
    clips: clips.map(({ name, label, answer, training }) => ({
      name,
      label: label === '' ? null : label,
      predicted: answer.label,
      probabilities: answer.probabilities,
      // Predictions for training clips are too optimistic: for them, the prediction of a training without the clip counts.
      trainedOn: training?.label ?? null,
      crossValidated: training?.prediction ?? null,
    })),
  };
  return new Blob([`${JSON.stringify(document, null, 1)}\n`], { type: 'application/json' });
}
