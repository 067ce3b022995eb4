import { readLabel, type TaskKind } from './task-kind.js';

/** Labels of whole clips: `{file: [label, ...]}`. */
export const sceneTask: TaskKind = {
  name: 'scene',
  embeddingType: 'scene',
  defaultMetrics: {
    multiclass: ['top1_acc', 'f1_macro', 'mAP', 'aucroc'],
    multilabel: ['mAP', 'aucroc'],
  },
  hasLabels: true,

  readContent(content, context) {
    const { predictionType, fail } = context;
    if (!Array.isArray(content)) throw fail('not a list', 'list its labels or events');
    const labels = content.map((label) => readLabel(label, context));
    if (predictionType === 'multiclass' && labels.length !== 1) {
      throw fail(`${labels.length} labels in a multiclass task`, 'give each clip exactly one label');
    }
    return { labels, events: [] };
  },
};
