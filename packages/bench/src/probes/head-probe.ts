import { OptionError } from '@hearken/core';
import type { HeadSettings } from '@hearken/results';
import { probeOutput } from './outputs/registry.js';
import type { Predictions, Probe, ProbeDefinition, TrainedProbe } from './probe.js';

const definition: ProbeDefinition = {
  name: 'head',
  summary: "the model's own pretrained head, without training: its labels are matched with the task's",
  create: ({ head, ...context }) => {
    const output = probeOutput(context);
    if (head === undefined) {
      throw new OptionError({
        asked: "probe 'head'",
        found: 'embeddings instead of the logits of a model',
        fix: "score the model's own head with hearken run, or choose another probe",
      });
    }
    if (output.isClassification) return headProbe(head, output.isExclusive);
    throw new OptionError({
      asked: "probe 'head' for a regression task",
      found: 'a head that answers with labels, which cannot predict numbers',
      fix: "choose 'mlp' or 'linear'",
    });
  },
};

export default definition;

/** Rows are logits of the head; nothing is trained, and validation rows only serve to choose thresholds. */
function headProbe(head: HeadSettings, isExclusive: boolean): Probe {
  const probe: Probe = {
    configurations: () => [{}],
    effort: () => ({ bytes: 0, operations: 0 }),
    async train(_, validationRows, validation) {
      const { score, decision } = validation.score(await probe.predict({ values: {}, arrays: {} }, validationRows));
      const trained: TrainedProbe<typeof decision> = {
        ...{ values: {}, arrays: {}, validationScore: score, decision },
        ...{ epoch: 0, epochsTrained: 0 },
      };
      return trained;
    },
    predict(_, rows) {
      const labels = head.labels.length;
      const found = {
        probabilities: new Float32Array(rows.count * labels),
        logits: new Float32Array(rows.count * labels),
      };
      for (const { start, count, embeddings } of rows.blocks(4096)) {
        for (let row = 0; row < count; row += 1) {
          const logits = embeddings.subarray(row * head.size, (row + 1) * head.size);
          answerRow(logits, head, isExclusive, found, (start + row) * labels);
        }
      }
      return Promise.resolve(found);
    },
    dispose: () => Promise.resolve(),
  };
  return probe;
}

/**
 * The answer for the task's labels in a row of the head's logits. Where several labels of the head stand for one of the
 * task, the strongest counts: the task's class is that of the head's best label, as when predicted classes are grouped.
 * Only if one label of the head holds, but any number of the task's, their probabilities are added.
 */
function answerRow(
  row: Float32Array,
  { kind, labels }: HeadSettings,
  isExclusive: boolean,
  { probabilities, logits }: Predictions,
  offset: number,
): void {
  const whole = logOfSum(row, row.keys());
  labels.forEach(({ head }, label) => {
    if (isExclusive || kind === 'multilabel') {
      logits[offset + label] = Math.max(...head.map((index) => row[index]));
      return;
    }
    const chosen = new Set(head);
    const inside = logOfSum(row, chosen);
    const outside = logOfSum(
      row,
      [...row.keys()].filter((index) => !chosen.has(index)),
    );
    logits[offset + label] = Math.min(80, Math.max(-80, inside - outside));
    probabilities[offset + label] = Math.exp(inside - whole);
  });
  if (isExclusive) {
    const own = logits.subarray(offset, offset + labels.length);
    const all = logOfSum(own, own.keys());
    own.forEach((logit, label) => (probabilities[offset + label] = Math.exp(logit - all)));
  } else if (kind === 'multilabel') {
    labels.forEach((_, label) => (probabilities[offset + label] = 1 / (1 + Math.exp(-logits[offset + label]))));
  }
}

/** log(sum(exp(x))) of some values; -Infinity of none. */
function logOfSum(values: Float32Array, indices: Iterable<number>): number {
  const chosen = Array.from(indices, (index) => values[index]);
  const largest = chosen.reduce((most, value) => Math.max(most, value), -Infinity);
  if (largest === -Infinity) return largest;
  return largest + Math.log(chosen.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
