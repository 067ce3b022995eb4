/** The code of each plugin, loaded with its first model. */
export const pluginLoaders = {
  baseline: () => import('@hearken/plugin-baseline/web'),
  efficientat: () => import('@hearken/plugin-efficientat/web'),
  hear: () => import('@hearken/plugin-hear/web'),
  'hubert-ecg': () => import('@hearken/plugin-hubert-ecg/web'),
  patchmix: () => import('@hearken/plugin-patchmix/web'),
} as const;
