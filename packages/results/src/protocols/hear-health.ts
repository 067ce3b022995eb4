import type { Protocol, ProtocolTask } from './protocol.js';

function scene(title: string, taskName: string, metric = 'aucroc'): ProtocolTask {
  return { title, folders: [{ taskName }], metric };
}

function sound(dataset: string, taskName: string, label: string): ProtocolTask {
  return { title: `${dataset}: ${label}`, folders: [{ taskName }], metric: 'mAP', label };
}

const fsd50kLabels = ['Breathing', 'Cough', 'Laughter', 'Respiratory_sounds', 'Sneeze', 'Speech'];
const fluSenseLabels = ['breathe', 'cough', 'gasp', 'sneeze', 'sniffle', 'speech', 'throat-clearing'];
const findings = [
  ['tuberculosis', 'tb'],
  ['abnormal chest radiograph', 'cxr_abnormal'],
  ['lung opacity', 'cxr_opacity'],
  ['pleural effusion', 'cxr_effusion'],
  ['cavitation', 'cxr_cavitation'],
  ['HIV', 'hiv'],
  ['sex', 'sex'],
  ['smoker', 'smoker'],
  ['earlier tuberculosis', 'previous_tb'],
] as const;
const spirometry = ['fev1', 'fvc', 'fev1_fvc', 'pef', 'fef25_75', 'exhale_duration'];

const protocol: Protocol = {
  name: 'hear-health',
  title: 'Health acoustic tasks after HeAR',
  source: 'Baur et al. 2024, "HeAR - Health Acoustic Representations", arXiv 2403.02522',
  evaluation: { probe: 'linear', grid: 'default', gridPoints: 8 },
  aggregation: 'reciprocal-rank',
  groups: [
    {
      name: 'health acoustic events',
      tasks: [
        ...fsd50kLabels.map((label) => sound('FSD50K', 'fsd50k_health', label)),
        ...fluSenseLabels.map((label) => sound('FluSense', 'flusense_segments', label)),
      ],
    },
    {
      name: 'cough inference',
      tasks: [
        scene('CoughVID: COVID', 'coughvid_covid'),
        scene('CoughVID: sex', 'coughvid_sex'),
        scene('Coswara: COVID', 'coswara_cough-heavy_covid'),
        scene('Coswara: sex', 'coswara_cough-heavy_sex'),
        scene('Coswara: smoker', 'coswara_cough-heavy_smoker'),
        ...findings.map(([title, name]) => scene(`CIDRZ: ${title}`, `cidrz_${name}`)),
      ],
    },
    {
      name: 'spirometry',
      tasks: spirometry.map((name) => scene(`Spirometry: ${name}`, `spirometry_${name}`, 'mae')),
    },
  ],
  notes: [
    'The paper has 33 tasks in these three groups (13, 14 and 6). The findings chosen for CIDRZ and spirometry are our interpretation of the paper: neither the recordings nor its splits are public.',
    "The score of an event task is one label's average precision, with all other clips of the dataset as negatives.",
    "Make the cidrz_* tasks with 'hearken tasks make cidrz', from columns with these names, and the spirometry_* tasks with 'hearken tasks make csv --prediction-type regression'.",
    "To test generalisation across devices as the paper does, add '--generalize device --train-on VALUES' to the runs.",
    "Models are ranked against each other, so a model's mean depends on which other models are included.",
  ],
};

export default protocol;
