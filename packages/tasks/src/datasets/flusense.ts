import { TaskError } from '@hearken/core';
import type { Dataset, PlannedTask } from './dataset.js';
import type { PlannedClip } from './planned-clip.js';
import { divideClips } from './divide-clips.js';
import { audioExtensions } from './file-kinds.js';
import { labelsIn, type LabelledClip } from './planned-splits.js';
import { parseTextGrid, type Interval } from './text-grid.js';
import { stemOf, type SourceFolder } from './source-folder.node.js';

const grouping = { state: 'named', by: 'video' } as const;

/** The labels in use; the annotations have a few more, too rare to test. `etc` is everything else. */
const labels = ['breathe', 'cough', 'gasp', 'sneeze', 'sniffle', 'speech', 'throat-clearing'];

/** FluSense: parts of AudioSet clips, annotated with the sounds of a waiting room. */
const flusense: Dataset = {
  name: 'flusense',
  title: 'FluSense health acoustic events',
  url: 'https://github.com/Forsad/FluSense-data',
  license: "none stated for the annotations; the audio is AudioSet's (YouTube)",
  citation:
    'Al Hossain et al. 2020, "FluSense: A Contactless Syndromic Surveillance Platform for Influenza-Like Illness in Hospital Waiting Areas", Proceedings of the ACM on Interactive, Mobile, Wearable and Ubiquitous Technologies 4, 1',
  layout: 'flusense_data/*.TextGrid, and audio files of the same names (.wav) in any folder',
  sampleRate: 16_000,
  makes: 'flusense_segments (one label per segment), flusense_events (what is heard when)',
  expectedCounts: {},
  async plan(source, { seed }) {
    const paths = source.files.filter((path) => /\.TextGrid$/i.test(path));
    if (paths.length === 0) {
      const fix = "copy the repository's flusense_data there";
      throw new TaskError({ asked: `annotations in '${source.folder}'`, found: 'no .TextGrid', fix });
    }
    const segments: LabelledClip[] = [];
    const whole: LabelledClip[] = [];
    const silent: string[] = [];
    for (const path of paths) {
      const clip = clipOf(source, path);
      if (clip === undefined) {
        silent.push(path);
        continue;
      }
      const intervals = parseTextGrid(await source.readText(path), path).filter(({ text }) => labels.includes(text));
      whole.push({ clip, content: intervals.map(eventOf) });
      intervals.forEach(({ start, end, text }, index) => {
        const name = `${clip.name}_${String(index).padStart(2, '0')}`;
        segments.push({ clip: { ...clip, name, start, end }, content: [text] });
      });
    }
    if (whole.length === 0) {
      const fix = 'download the audio from the link in the README of the repository';
      throw new TaskError({ asked: `audio of '${paths[0]}'`, found: `no file '${stemOf(paths[0])}.wav'`, fix });
    }
    const missing = silent.length === 0 ? '' : `${silent.length} annotations have no audio (${silent[0]}, ...).`;
    return {
      tasks: tasksOf(segments, whole, seed),
      counts: { annotations: paths.length, recordings: whole.length, segments: segments.length },
      warnings: missing === '' ? [] : [missing],
      grouping,
    };
  },
};

export default flusense;

function tasksOf(segments: readonly LabelledClip[], whole: readonly LabelledClip[], seed: number): PlannedTask[] {
  const about = { modality: 'audio' } as const;
  const present = labels.filter((label) => labelsIn(segments).includes(label));
  return [
    {
      ...about,
      name: 'flusense_segments',
      description: `The sound of each annotated segment; divided by video (seed ${seed}).`,
      embeddingType: 'scene',
      predictionType: 'multiclass',
      evaluation: ['mAP', 'aucroc', 'top1_acc'],
      labels: present,
      ...divideClips(segments, 'flusense_segments', { seed, grouping }),
    },
    {
      ...about,
      name: 'flusense_events',
      description: `Which sound is heard when; divided by video (seed ${seed}).`,
      embeddingType: 'event',
      predictionType: 'multilabel',
      evaluation: ['event_onset_200ms_fms', 'segment_1s_er'],
      labels: present,
      ...divideClips(whole, 'flusense_events', { seed, grouping }),
    },
  ];
}

function eventOf({ start, end, text }: Interval) {
  return { label: text, start: Math.round(start * 1e6) / 1000, end: Math.round(end * 1e6) / 1000 };
}

/** Several parts of one YouTube video, `<id>_30_000-40_000`, belong together. */
function clipOf(source: SourceFolder, annotation: string): PlannedClip | undefined {
  const stem = stemOf(annotation);
  const files = source.stemmed(stem);
  const audio = audioExtensions.flatMap((extension) => files.filter((path) => path.toLowerCase().endsWith(extension)));
  if (audio.length === 0) return undefined;
  const video = stem.replace(/_\d+_\d{3}-\d+_\d{3}$/, '');
  return { name: `clip_${stem}`, source: audio[0], group: video, metadata: { video } };
}
