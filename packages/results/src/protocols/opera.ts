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
    "coughvid_* and coswara_* are made by 'hearken tasks make' with splits of its own, so that their scores are not those of OPERA's tables; OPERA's splits go into tasks of the same names by 'hearken tasks make csv'.",
    "Tasks called opera_* are made of OPERA's own lists of files by 'hearken tasks make csv --name'; several of those datasets are given on request only.",
    'T13 to T19 are regression and have no part in this mean, as in the published one.',
    'A model is ranked among those that are scored with it: the mean changes with the company.',
  ],
};

export default protocol;
