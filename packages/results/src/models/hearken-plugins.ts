/** One of Hearken's plugins, as far as it must be known without its package. */
interface HearkenPlugin {
  /** Short name; its package is `@hearken/plugin-` with that name. */
  readonly name: string;
  /**
   * SHA-256 of published weights by model, as far as they are known; present where models are named after weights that
   * somebody published. The plugins say the same of themselves: this copy is for results that are read without them.
   */
  readonly publishedWeights?: Readonly<Record<string, readonly string[]>>;
}

/** Hearken's plugins: the one place that names them. A test compares it with the plugins. */
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

/** The models of the demonstration, which need no weights, and one that help texts call by its name. */
export const exampleModels = { audio: 'baseline:mel', ecg: 'baseline:ecg', released: 'efficientat:mn04_as' } as const;

/** SHA-256 of published weights by plugin and model, of the plugins whose models are named after such weights. */
export const publishedWeights: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> =
  Object.fromEntries(
    hearkenPlugins.flatMap((plugin) =>
      plugin.publishedWeights === undefined ? [] : [[plugin.name, plugin.publishedWeights]],
    ),
  );
