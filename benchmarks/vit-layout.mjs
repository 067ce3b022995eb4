/** Names and shapes of a vision transformer's layers, in Hugging Face's layout. */
export function encoderTensors(prefix, { layers, width, intermediate }) {
  const tensors = [];
  const add = (name, shape) => tensors.push({ name: prefix + name, shape });
  for (let index = 0; index < layers; index += 1) {
    const layer = `encoder.layer.${index}`;
    for (const part of ['query', 'key', 'value']) {
      add(`${layer}.attention.attention.${part}.weight`, [width, width]);
      add(`${layer}.attention.attention.${part}.bias`, [width]);
    }
    add(`${layer}.attention.output.dense.weight`, [width, width]);
    add(`${layer}.attention.output.dense.bias`, [width]);
    add(`${layer}.intermediate.dense.weight`, [intermediate, width]);
    add(`${layer}.intermediate.dense.bias`, [intermediate]);
    add(`${layer}.output.dense.weight`, [width, intermediate]);
    add(`${layer}.output.dense.bias`, [width]);
    for (const norm of ['layernorm_before', 'layernorm_after']) {
      add(`${layer}.${norm}.weight`, [width]);
      add(`${layer}.${norm}.bias`, [width]);
    }
  }
  return tensors;
}

/**
 * Floating-point operations per clip in a transformer's layers: products with weights, and products of tokens.
 * Front end, norms and activations are not counted; they are why a model does not reach the machine's rate.
 */
export function encoderOperations({ layers, width, intermediate, tokens }) {
  const weights = 4 * width ** 2 + 2 * width * intermediate;
  return layers * (2 * tokens * weights + 4 * tokens ** 2 * width);
}

/** The layers of HeAR, and a class token with 12 x 8 patches. */
export const hearSizes = { layers: 24, width: 1024, intermediate: 4096, tokens: 97 };

/** HeAR: a ViT-L over 16 x 16 patches of 192 frames by 128 bands, with a pooler to 512 values. */
export function hearTensors() {
  return [
    { name: 'embeddings.cls_token', shape: [1, 1, 1024] },
    { name: 'embeddings.position_embeddings', shape: [1, 97, 1024] },
    { name: 'embeddings.patch_embeddings.projection.weight', shape: [1024, 1, 16, 16] },
    { name: 'embeddings.patch_embeddings.projection.bias', shape: [1024] },
    ...encoderTensors('', hearSizes),
    { name: 'layernorm.weight', shape: [1024] },
    { name: 'layernorm.bias', shape: [1024] },
    { name: 'pooler.dense.weight', shape: [512, 1024] },
    { name: 'pooler.dense.bias', shape: [512] },
  ];
}

/** AST base as trained by Patch-Mix on 8 s: 12 x 79 patches and two tokens, with timm's names. */
export function patchmixTensors() {
  const width = 768;
  const tensors = [
    { name: 'v.cls_token', shape: [1, 1, width] },
    { name: 'v.dist_token', shape: [1, 1, width] },
    { name: 'v.pos_embed', shape: [1, 2 + 12 * 79, width] },
    { name: 'v.patch_embed.proj.weight', shape: [width, 1, 16, 16] },
    { name: 'v.patch_embed.proj.bias', shape: [width] },
    { name: 'v.norm.weight', shape: [width] },
    { name: 'v.norm.bias', shape: [width] },
  ];
  for (let index = 0; index < 12; index += 1) {
    const layers = { 'attn.qkv': [3 * width, width], 'attn.proj': [width, width], 'mlp.fc1': [4 * width, width] };
    for (const [name, shape] of Object.entries({ ...layers, 'mlp.fc2': [width, 4 * width] })) {
      tensors.push({ name: `v.blocks.${index}.${name}.weight`, shape });
      tensors.push({ name: `v.blocks.${index}.${name}.bias`, shape: [shape[0]] });
    }
    for (const norm of ['norm1', 'norm2']) {
      for (const part of ['weight', 'bias'])
        tensors.push({ name: `v.blocks.${index}.${norm}.${part}`, shape: [width] });
    }
  }
  return tensors;
}
