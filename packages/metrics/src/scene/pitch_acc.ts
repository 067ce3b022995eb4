import { argmaxAccuracy, argmaxShare } from '../argmax.js';
import { sceneMetric } from '../scene-scores.js';

export default sceneMetric(
  {
    name: 'pitch_acc',
    summary: "Pitch accuracy in [0, 1]: the best-scored pitch is the clip's; the same measure as top1_acc",
    maximize: true,
    range: [0, 1],
  },
  (scores) => argmaxAccuracy(scores),
  { share: (scores) => argmaxShare(scores) },
);
