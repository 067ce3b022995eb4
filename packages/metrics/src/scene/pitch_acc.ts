import { argmaxAccuracy, argmaxShare } from '../argmax.js';
import { sceneMetric } from '../scene-scores.js';

export default sceneMetric(
  {
    name: 'pitch_acc',
    summary:
      'Pitch accuracy in [0, 1]: the share of clips whose highest-scored pitch is right; computed as top1_acc is',
    maximize: true,
    range: [0, 1],
  },
  (scores) => argmaxAccuracy(scores),
  { share: (scores) => argmaxShare(scores) },
);
