import { argmaxAccuracy, argmaxShare } from '../argmax.js';
import { sceneMetric } from '../scene-scores.js';

const PITCHES_AN_OCTAVE = 12;

export default sceneMetric(
  {
    name: 'chroma_acc',
    summary: 'Chroma accuracy in [0, 1]: the share of clips whose highest-scored pitch is right, in any octave',
    maximize: true,
    range: [0, 1],
  },
  // heareval reduces vocabulary indices, not labels: the classes are the same if the labels are MIDI notes in order and
  // without gaps.
  (scores) => argmaxAccuracy(scores, isSameChroma),
  { share: (scores) => argmaxShare(scores, isSameChroma) },
);

function isSameChroma(predicted: number, target: number): boolean {
  return predicted % PITCHES_AN_OCTAVE === target % PITCHES_AN_OCTAVE;
}
