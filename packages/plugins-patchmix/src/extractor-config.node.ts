import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ModelConfig, openFileSource, readModelConfig } from '@hearken/onnx';

/**
 * The settings of a Hugging Face folder's feature extractor (mean, standard deviation), where there are any.
 * A single `.pth` is published without, and whatever lies beside it need not be its own.
 *
 * @param path the folder, or a file in it
 */
export async function openExtractorConfig(path: string): Promise<ModelConfig | undefined> {
  const isFolder = (await stat(path)).isDirectory();
  if (!isFolder && !/\.(safetensors|bin|json)$/.test(path)) return undefined;
  const config = join(isFolder ? path : dirname(path), 'preprocessor_config.json');
  const isThere = await stat(config).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere) return undefined;
  const source = await openFileSource(config);
  try {
    return await readModelConfig(source);
  } finally {
    await source.close();
  }
}
