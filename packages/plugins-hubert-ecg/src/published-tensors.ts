import { models } from './models.js';

/** Layers and width of the published sizes; all have 5 convolutions with 512 channels. */
const shapes: Readonly<Record<string, { readonly layers: number; readonly width: number }>> = {
  small: { layers: 8, width: 512 },
  base: { layers: 12, width: 768 },
  large: { layers: 16, width: 960 },
};

/**
 * Names and shapes of a published model's tensors, as in its folder on Hugging Face, without heads.
 *
 * @throws Error for an unknown model
 */
export function publishedTensors(model: string): {
  /** Name in the checkpoint. */
  name: string;
  /** Sizes of the dimensions. */
  shape: number[];
}[] {
  if (!Object.hasOwn(models, model)) throw new Error(`no model ${model}`);
  const { layers, width } = shapes[model];
  const channels = 512;
  const tensors: { name: string; shape: number[] }[] = [];
  const put = (name: string, ...shape: number[]) => tensors.push({ name, shape });
  const linear = (name: string, inputs: number, outputs: number) => {
    put(`${name}.weight`, outputs, inputs);
    put(`${name}.bias`, outputs);
  };
  const norm = (name: string, size: number) => {
    put(`${name}.weight`, size);
    put(`${name}.bias`, size);
  };
  for (const [index, kernel] of [10, 3, 3, 2, 2].entries()) {
    put(`feature_extractor.conv_layers.${index}.conv.weight`, channels, index === 0 ? 1 : channels, kernel);
    if (index === 0) norm(`feature_extractor.conv_layers.${index}.layer_norm`, channels);
  }
  norm('feature_projection.layer_norm', channels);
  linear('feature_projection.projection', channels, width);
  put('encoder.pos_conv_embed.conv.parametrizations.weight.original0', 1, 1, 128);
  put('encoder.pos_conv_embed.conv.parametrizations.weight.original1', width, width / 16, 128);
  put('encoder.pos_conv_embed.conv.bias', width);
  norm('encoder.layer_norm', width);
  for (let layer = 0; layer < layers; layer += 1) {
    const prefix = `encoder.layers.${layer}`;
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
      linear(`${prefix}.attention.${name}`, width, width);
    }
    norm(`${prefix}.layer_norm`, width);
    linear(`${prefix}.feed_forward.intermediate_dense`, width, 4 * width);
    linear(`${prefix}.feed_forward.output_dense`, 4 * width, width);
    norm(`${prefix}.final_layer_norm`, width);
  }
  return tensors;
}
