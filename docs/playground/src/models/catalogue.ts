/** What the page needs to know about a model before its plugin is loaded. */
export interface ModelChoice {
  /** Value of the entry in the list. */
  readonly key: string;
  readonly title: string;
  readonly plugin: string;
  /** Absent if the checkpoint determines it. */
  readonly model?: string;
  readonly signal: 'audio' | 'ecg';
  /** Absent for a model without weights. */
  readonly checkpoint?: {
    /** Which files to choose. */
    readonly files: string;
    /** Where they are published; absent if they are not. */
    readonly page?: string;
    /** A file that pages on other sites may download. */
    readonly url?: string;
    readonly license: string;
    readonly hasInt8: boolean;
  };
  /** Its own recipe for fine-tuning; absent for a model that is not fine-tuned in a page. */
  readonly ownRecipe?: string;
}

const huggingFace = 'https://huggingface.co';

/** All plugins of this repository; the first one is the default. */
export const catalogue: readonly ModelChoice[] = [
  {
    key: 'baseline',
    title: 'Baseline, audio (no weights)',
    plugin: 'baseline',
    model: 'mel',
    signal: 'audio',
  },
  {
    key: 'baseline-ecg',
    title: 'Baseline, ECG (no weights)',
    plugin: 'baseline',
    model: 'ecg',
    signal: 'ecg',
  },
  {
    key: 'efficientat',
    title: 'EfficientAT: any sound',
    plugin: 'efficientat',
    signal: 'audio',
    checkpoint: {
      files: 'mn04_as_mAP_432.pt (small and fast), or another one from the same release',
      page: 'https://github.com/fschmid56/EfficientAT/releases',
      license: 'MIT',
      hasInt8: false,
    },
    ownRecipe: 'efficientat',
  },
  {
    key: 'hear',
    title: 'HeAR: coughs and breathing',
    plugin: 'hear',
    signal: 'audio',
    checkpoint: {
      files: 'config.json and model.safetensors (1.2 GB), after you accept the terms there',
      page: `${huggingFace}/google/hear-pytorch`,
      license: 'Health AI Developer Foundations terms of use',
      hasInt8: true,
    },
  },
  {
    key: 'hubert-ecg',
    title: 'HuBERT-ECG: 12-lead ECG',
    plugin: 'hubert-ecg',
    signal: 'ecg',
    checkpoint: {
      files: 'config.json and model.safetensors, or a .pt of the authors',
      page: `${huggingFace}/Edoardo-BS/hubert-ecg-small`,
      url: `${huggingFace}/Edoardo-BS/hubert-ecg-small/resolve/main/model.safetensors`,
      license: 'CC BY-NC 4.0',
      hasInt8: true,
    },
    ownRecipe: 'hubert-ecg',
  },
  {
    key: 'patchmix',
    title: 'Patch-Mix (lungs), AST (any sound)',
    plugin: 'patchmix',
    signal: 'audio',
    checkpoint: {
      files: 'best.pth from training Patch-Mix, or the files of an AST',
      page: `${huggingFace}/MIT/ast-finetuned-audioset-10-10-0.4593`,
      url: `${huggingFace}/MIT/ast-finetuned-audioset-10-10-0.4593/resolve/main/model.safetensors`,
      license: 'MIT (Patch-Mix), BSD-3-Clause (AST)',
      hasInt8: true,
    },
  },
];
