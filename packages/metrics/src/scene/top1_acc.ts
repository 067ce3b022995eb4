import { argmaxAccuracy, argmaxShare } from '../argmax.js';
import { sceneMetric } from '../scene-scores.js';

export default sceneMetric(
  {
    name: 'top1_acc',
    summary: 'Top-1 accuracy in [0, 1]: the share of clips whose highest-scored label is right',
    maximize: true,
    range: [0, 1],
  },
  (scores) => argmaxAccuracy(scores),
  { share: (scores) => argmaxShare(scores) },
);
