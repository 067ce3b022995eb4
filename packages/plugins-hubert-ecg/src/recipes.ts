import {
  type ChangedBatch,
  type ExampleBatch,
  OptionError,
  type RandomNumbers,
  type RecipeSettings,
  type TrainingRecipe,
} from '@hearken/core';

/** Layer-wise rates of what is before the last blocks, and of the head. */
const [earlyRate, headRate] = [1e-7, 1e-5];
/** The blocks that have the setting's rate then. */
const lateBlocks = 4;

/** How HuBERT-ECG's authors fine-tune. */
export const recipes: Readonly<Record<string, TrainingRecipe>> = {
  /**
   * `finetune.py` and `finetune.sh` of github.com/Edoar-do/HuBERT-ECG: AdamW with decay on everything, the head, the
   * feature projection and the last blocks. As in the published command, the shares of attention and the head's input are
   * dropped, nothing else. Half precision and random crops are left out.
   */
  'hubert-ecg': {
    description: "its authors' fine-tuning: head, feature projection and last blocks (Coppola et al. 2024)",
    trains: 'all',
    settings: {
      epochs: 40,
      batchSize: 64,
      optimiser: 'adamw',
      learningRate: 1e-5,
      weightDecay: 0.01,
      decayVectors: true,
      beta1: 0.9,
      beta2: 0.98,
      epsilon: 1e-9,
      schedule: 'linear',
      warmup: 0.08,
      clipNorm: 0,
      patience: 8,
      // The last blocks that are trained, all by default, and whether the convolutions before them are.
      blocks: -1,
      extractor: false,
      // Lower rates for all but the last four blocks, if all blocks are trained.
      layerWiseRates: false,
      // In front of the head, of shares of attention, and of everything else; the share of blocks that are skipped.
      dropout: 0.1,
      attentionDropout: 0.1,
      moduleDropout: 0,
      layerDrop: 0,
    },
    accepts(parameter, settings, block, blocks) {
      if (isProjection(parameter)) return true;
      if (parameter.startsWith('feature_extractor.'))
        return settings.extractor === true && !ratesDiffer(settings, blocks);
      return parameter.startsWith('encoder.layers.') && block >= firstBlock(settings, blocks);
    },
    trainsFirst: isProjection,
    rateOf(parameter, settings, block, blocks) {
      if (!ratesDiffer(settings, blocks)) return undefined;
      if (parameter.startsWith('classifier.')) return headRate;
      return block >= blocks - lateBlocks && !isProjection(parameter) ? undefined : earlyRate;
    },
    dropout: ({ dropout, attentionDropout, moduleDropout, layerDrop }) => ({
      classifier: dropout as number,
      attention: attentionDropout as number,
      modules: moduleDropout as number,
      layers: layerDrop as number,
    }),
    positiveWeight: (positives, count) => (count - positives) / (positives + 1e-9),
    change: skipLayers,
  },
};

function isProjection(parameter: string): boolean {
  return parameter.startsWith('feature_projection.');
}

/** @throws OptionError for more blocks than there are */
function firstBlock({ blocks: asked }: RecipeSettings, blocks: number): number {
  const count = asked as number;
  if (count <= blocks) return count < 0 ? 0 : blocks - count;
  throw new OptionError({
    asked: `the last ${count} blocks`,
    found: `a model with ${blocks}`,
    fix: `set blocks to at most ${blocks}, or to -1 for all`,
  });
}

function ratesDiffer(settings: RecipeSettings, blocks: number): boolean {
  return settings.layerWiseRates === true && firstBlock(settings, blocks) === 0;
}

/**
 * Skips layers at random (Fan et al. 2020, arXiv 1909.11556); the tensors of a skipped one have no gradient.
 *
 * @param sizes `layers`: how many the network has
 */
export function skipLayers(
  _batch: ExampleBatch,
  random: RandomNumbers,
  { layerDrop }: RecipeSettings,
  { layers }: Readonly<Record<string, number>>,
): ChangedBatch {
  if (layerDrop === 0) return {};
  const kept = Float32Array.from({ length: layers }, () => Number(random.uniform() >= (layerDrop as number)));
  return {
    inputs: { keptLayers: { data: kept, shape: [layers] } },
    withoutGradient(parameter) {
      const layer = /^encoder\.layers\.(\d+)\./.exec(parameter)?.[1];
      return layer !== undefined && kept[Number(layer)] === 0;
    },
  };
}
