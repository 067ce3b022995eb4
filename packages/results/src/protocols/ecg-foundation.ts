import type { Protocol, ProtocolTask } from './protocol.js';

function task(title: string, taskName: string): ProtocolTask {
  return { title, folders: [{ taskName }], metric: 'aucroc' };
}

const ptbxl = ['all', 'diagnostic', 'subclass', 'superclass', 'form', 'rhythm'];

const protocol: Protocol = {
  name: 'ecg-foundation',
  title: 'ECG foundation models: linear probes on 12-lead ECGs',
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
    "The mean is the mean macro AUROC over the tasks that 'hearken tasks make' can make. The benchmark has more tasks, which are not included: Chapman (rhythm), CODE-15%, ZZU pECG, EchoNext and eleven from MIMIC.",
    "The hubert_ecg_* tasks have HuBERT-ECG's splits and labels; the benchmark uses different ones. Compare models here with each other; a comparison with the published intervals is only rough.",
    "A few of the benchmark's published scores lie outside their own published intervals.",
  ],
};

export default protocol;
