import type { ProbeConfiguration } from '@hearken/results';

/** heareval's names for those of the MLP probe that are not the same in snake case. */
const names: Readonly<Record<string, string>> = {
  hiddenDimension: 'hidden_dim',
  learningRate: 'lr',
  checkEveryEpochs: 'check_val_every_n_epoch',
};

/** heareval's names for values, which are what Python prints for the class or function. */
const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hiddenNorm: {
    batch: "<class 'torch.nn.modules.batchnorm.BatchNorm1d'>",
    none: "<class 'torch.nn.modules.linear.Identity'>",
  },
  initialization: { xavierUniform: 'xavier_uniform_', xavierNormal: 'xavier_normal_' },
};

/** Values that are the same for all of heareval's runs. */
const fixed = {
  norm_after_activation: false,
  embedding_norm: "<class 'torch.nn.modules.linear.Identity'>",
  optim: "<class 'torch.optim.adam.Adam'>",
};

/** A probe's configuration as heareval's `hparams`; the names for other probes are in snake case. */
export function hyperparametersOf(configuration: ProbeConfiguration): Record<string, unknown> {
  const entries = Object.entries(configuration).map(([name, value]): [string, unknown] => [
    names[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    typeof value === 'string' ? (words[name]?.[value] ?? value) : value,
  ]);
  return { ...Object.fromEntries(entries), ...('hiddenLayers' in configuration ? fixed : {}) };
}
