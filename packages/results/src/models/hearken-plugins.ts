/** What must be known about one of Hearken's plugins without its package. */
interface HearkenPlugin {
  /** Short name; its package is `@hearken/plugin-` with that name. */
  readonly name: string;
  /**
   * Known SHA-256 of published weights, by model; present if the models are named after published weights. The plugins state
   * the same: this copy is for reading results without them.
   */
  readonly publishedWeights?: Readonly<Record<string, readonly string[]>>;
}

/** Hearken's plugins. This is the only place that names them; a test compares it with the plugins. */
export const hearkenPlugins: readonly HearkenPlugin[] = [
  { name: 'baseline' },
  {
    name: 'efficientat',
    publishedWeights: { mn04_as: ['899a8c6217063f6941793102a2780b3dd788ab11fce468d9cf5f0577c453321c'] },
  },
  { name: 'hear', publishedWeights: {} },
  { name: 'hubert-ecg', publishedWeights: {} },
  { name: 'patchmix', publishedWeights: {} },
  { name: 'onnx' },
];

/** The package of one of Hearken's plugins. */
export function packageOfPlugin(name: string): string {
  return `@hearken/plugin-${name}`;
}

/** The plugin whose model is any ONNX file. */
export const onnxFilePlugin = 'onnx';

/** The models of the demo, which need no weights, and an example with weights for help texts. */
export const exampleModels = { audio: 'baseline:mel', ecg: 'baseline:ecg', released: 'efficientat:mn04_as' } as const;

/** Known SHA-256 of published weights by plugin and model, for plugins whose models are named after such weights. */
export const publishedWeights: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> =
  Object.fromEntries(
    hearkenPlugins.flatMap((plugin) =>
      plugin.publishedWeights === undefined ? [] : [[plugin.name, plugin.publishedWeights]],
    ),
  );
