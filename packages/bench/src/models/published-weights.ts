/**
 * SHA-256 of released weights by plugin and model, as far as they are known, of the plugins whose models are named after
 * weights that somebody published. A test holds the list against the plugins' own.
 */
export const publishedWeights: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  efficientat: { mn04_as: ['899a8c6217063f6941793102a2780b3dd788ab11fce468d9cf5f0577c453321c'] },
  hear: {},
  'hubert-ecg': {},
  patchmix: {},
};
