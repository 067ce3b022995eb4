import type { Protocol, ProtocolTask } from './protocol.js';

function task(title: string, taskName: string): ProtocolTask {
  return { title, folders: [{ taskName }], metric: 'aucroc' };
}

const protocol: Protocol = {
  name: 'opera',
  title: 'OPERA, tasks T1 to T12',
  source:
    'Zhang et al. 2024, "Towards Open Respiratory Acoustic Foundation Models: Pretraining and Benchmarking", arXiv 2406.16148',
  evaluation: { probe: 'linear', grid: 'default', gridPoints: 8 },
  aggregation: 'reciprocal-rank',
  groups: [
    {
      name: 'health conditions',
      tasks: [
        task('T1 UK COVID-19 exhalation, COVID', 'opera_ukcovid_exhalation'),
        task('T2 UK COVID-19 cough, COVID', 'opera_ukcovid_cough'),
        task('T3 COVID-19 Sounds breath, symptoms', 'opera_covid19sounds_breath'),
        task('T4 COVID-19 Sounds cough, symptoms', 'opera_covid19sounds_cough'),
        task('T5 CoughVID, COVID', 'coughvid_covid'),
        task('T6 CoughVID, sex', 'coughvid_sex'),
        task('T7 ICBHI, COPD or healthy', 'opera_icbhi_copd'),
        task('T8 Coswara cough, smoker', 'coswara_cough-shallow_smoker'),
        task('T9 Coswara cough, sex', 'coswara_cough-shallow_sex'),
        task('T10 KAUH, obstructive or healthy', 'opera_kauh_disease'),
        task('T11 Respiratory@TR, COPD in five degrees', 'opera_respiratorytr_copd'),
        task('T12 SSBPR, snoring in five classes', 'opera_ssbpr_snoring'),
      ],
    },
  ],
  notes: [
    "'hearken tasks make' gives the coughvid_* and coswara_* tasks different splits than OPERA's, so scores cannot be compared with OPERA's tables; to use OPERA's splits, make tasks of the same names with 'hearken tasks make csv'.",
    "Make the opera_* tasks from OPERA's lists of files with 'hearken tasks make csv --name'; several of these datasets are available on request only.",
    'T13 to T19 are regression tasks and are not part of this mean, nor of the published one.',
    "Models are ranked against each other, so a model's mean depends on which other models are included.",
  ],
};

export default protocol;
