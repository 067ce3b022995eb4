import type { Protocol, ProtocolTask } from './protocol.js';

function task(title: string, taskName: string): ProtocolTask {
  return { title, folders: [{ taskName }], metric: 'aucroc' };
}

const ptbxl = ['all', 'diagnostic', 'subclass', 'superclass', 'form', 'rhythm'];

const protocol: Protocol = {
  name: 'ecg-foundation',
  title: 'ECG foundation models, linear probes of 12-lead ECGs',
  source: '"Benchmarking ECG foundation models", arXiv 2509.25095',
  evaluation: { probe: 'linear', grid: 'default', gridPoints: 8 },
  aggregation: 'mean',
  groups: [
    { name: 'PTB-XL', tasks: ptbxl.map((set) => task(`PTB-XL (${set})`, `ptbxl_${set}`)) },
    {
      name: 'other interpretation',
      tasks: [
        task('PTB', 'hubert_ecg_ptb'),
        task('Ningbo', 'hubert_ecg_ningbo'),
        task('CPSC2018', 'hubert_ecg_cpsc'),
        task('CPSC-Extra', 'hubert_ecg_cpsc-extra'),
        task('Georgia', 'hubert_ecg_georgia'),
        task('Chapman', 'hubert_ecg_chapman'),
        task('SPH', 'hubert_ecg_sph'),
      ],
    },
  ],
  notes: [
    "The mean is of macro AUROC over the tasks that 'hearken tasks make' makes. The benchmark has more: Chapman (rhythm), CODE-15%, ZZU pECG, EchoNext and eleven of MIMIC, which are not among them.",
    "hubert_ecg_* have HuBERT-ECG's splits and labels, the benchmark its own: compare models here with one another, and with the published intervals only roughly.",
    "The benchmark's published intervals hold a few points that lie outside their own interval.",
  ],
};

export default protocol;
