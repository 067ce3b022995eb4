import { csvText } from '../work/csv-text.js';
import type { Session } from './session.js';

/** What the classifier says of each clip, and what it was trained on: as a file, or undefined before it was trained. */
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
      /** Places in `probabilities`, in rows and columns of `confusion`, and in the outputs of the ONNX model. */
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
      // What it was trained on, it knows too well: there, the answer of a training without the clip counts.
      trainedOn: training?.label ?? null,
      crossValidated: training?.prediction ?? null,
    })),
  };
  return new Blob([`${JSON.stringify(document, null, 1)}\n`], { type: 'application/json' });
}
