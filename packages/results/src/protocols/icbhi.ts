import type { Protocol } from './protocol.js';

const protocol: Protocol = {
  name: 'icbhi',
  title: 'ICBHI 2017, official split',
  source:
    'Rocha et al. 2019, "An open access database for the evaluation of respiratory sound classification algorithms", Physiological Measurement 40, 035001',
  evaluation: { probe: 'linear', grid: 'default', gridPoints: 8 },
  aggregation: 'mean',
  groups: [
    {
      name: 'cycles',
      tasks: [
        { title: 'Four classes', folders: [{ taskName: 'icbhi_4class_official' }], metric: 'icbhi_score' },
        { title: 'Two classes', folders: [{ taskName: 'icbhi_2class_official' }], metric: 'icbhi_score' },
      ],
    },
  ],
  notes: [
    'The score is the mean of sensitivity and specificity, as the challenge defines them; published tables show it multiplied by 100.',
    "Patch-Mix CL's 62.37 (Bae et al. 2023, arXiv 2305.14032) was selected on the test split, and so may be other published numbers for this split. Here, a fifth of the training patients is used for validation, and nothing is selected on the test split: scores are lower for that reason alone.",
    'Published scores are from networks that were trained end to end; here, a linear probe is trained on frozen embeddings.',
    'The official split has patients 156 and 218 on both sides, and is used as it is; in the tasks icbhi_4class_folds and icbhi_2class_folds, no patient is on both sides.',
  ],
};

export default protocol;
