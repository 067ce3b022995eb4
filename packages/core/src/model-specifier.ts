import { OptionError } from './errors.js';

/** A model as named on the command line. */
export interface ModelSpecifier {
  /** Short name, npm package name, path or file URL of the plugin. */
  readonly plugin: string;
  /** Model name within the plugin; absent: the plugin's first model. */
  readonly model?: string;
}

/**
 * Splits `plugin:model`. A path is split at the last colon after its last separator, so that drive letters, `file:`
 * URLs and folders with colons stay intact; a name is split at the first colon, so that the model's name may contain
 * colons and slashes. The path of an ONNX file is a plugin without a model.
 *
 * @throws OptionError if the plugin or the model is empty
 */
export function parseModelSpecifier(specifier: string): ModelSpecifier {
  if (isOnnxPath(specifier)) return { plugin: specifier };
  const colon = isPluginPath(specifier)
    ? specifier.indexOf(':', afterLastSeparator(specifier))
    : specifier.indexOf(':');
  const plugin = colon < 0 ? specifier : specifier.slice(0, colon);
  const model = colon < 0 ? undefined : specifier.slice(colon + 1);
  if (plugin === '' || model === '') {
    throw new OptionError({
      asked: `model '${specifier}'`,
      found: plugin === '' ? 'no plugin before the colon' : 'no model after the colon',
      fix: 'write PLUGIN:MODEL, or PLUGIN alone for its first model',
    });
  }
  return model === undefined ? { plugin } : { plugin, model };
}

/** Whether a plugin specifier is a path or file URL: `./x`, `../x`, `/x`, `C:\x`, `file:///x`, and any ONNX file's name. */
export function isPluginPath(specifier: string): boolean {
  if (isOnnxPath(specifier)) return true;
  return /^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[a-z]:[\\/]|file:)/i.test(specifier);
}

/**
 * Whether a plugin specifier is the path of an ONNX file, `./x.onnx` or `models/x.onnx`: it means plugin `onnx` with
 * that file as its checkpoint.
 */
export function isOnnxPath(specifier: string): boolean {
  return /^(?:file:|[a-z]:[\\/]|(?![a-z][a-z0-9+.-]+:))[^\0]*[^\0\\/]\.onnx$/i.test(specifier);
}

function afterLastSeparator(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
}
