import { type ModelFiles, requireTensor } from '@hearken/onnx';
import { type AstCheckpoint, findAst } from './layout.js';
import type { CheckedOptions, PositionChoice } from './options.js';
import { resamplePositions, transposedPositions } from './positions.js';
import { choosePreparation, type Preparation } from './preparation.js';
import { chooseSizes, type Sizes } from './sizes.js';

/** A model's files, and its settings according to them and the options. */
export interface OpenedModel {
  readonly files: ModelFiles;
  readonly ast: AstCheckpoint;
  readonly sizes: Sizes;
  readonly preparation: Preparation;
  /** Positions for the window's length; undefined if the stored ones fit. */
  readonly positions: Float32Array | undefined;
}

/**
 * Inspects a checkpoint file or a Hugging Face folder. Weights are not read, except positions for another length.
 *
 * @throws CheckpointError for files that are not an AST, or whose parts don't fit together
 */
export async function openModel(files: ModelFiles, options: CheckedOptions): Promise<OpenedModel> {
  const ast = findAst(files.checkpoint, options.weights);
  // The settings of the feature extractor (mean, standard deviation), if there are any.
  const extractor = await files.readJson('preprocessor_config.json');
  const sizes = chooseSizes(ast, files.config, options);
  const preparation = choosePreparation(ast, sizes, options, files.config, extractor);
  const positions = await choosePositions(files, ast, sizes, preparation, options.positions);
  return { files, ast, sizes, preparation, positions };
}

async function choosePositions(
  files: ModelFiles,
  { encoder, names }: AstCheckpoint,
  { frequencies, storedTimes, width }: Sizes,
  { times }: Preparation,
  choice: PositionChoice = 'ast',
): Promise<Float32Array | undefined> {
  if (times === storedTimes) return undefined;
  const stored = await files.readFloat32(requireTensor(encoder, names.positions));
  const resample = choice === 'ast' ? resamplePositions : transposedPositions;
  return resample(stored, { frequencies, times: storedTimes }, times, width);
}
