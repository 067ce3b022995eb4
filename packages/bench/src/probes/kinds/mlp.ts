import { MlpProbe } from '../mlp/mlp-probe.js';
import type { ProbeDefinition } from '../probe.js';

const definition: ProbeDefinition = {
  name: 'mlp',
  summary:
    "HEAR's probe: a multi-layer perceptron, with hyper-parameters chosen from heareval's grid on validation data",
  create: ({ createSession, predictionType }) => new MlpProbe(createSession, predictionType),
};

export default definition;
