import { didYouMean, OptionError } from '@hearken/core';
import type { TaskMetadata } from '../task.js';
import { leaderboardTasks } from './generated/leaderboard.js';

/** What a task's sounds are: one of the three domains of the HEAR paper (arXiv 2203.03022). */
export type HearCategory = 'speech' | 'music' | 'general';

/** A task's name on the leaderboard. */
export type HearTitle = (typeof leaderboardTasks)[number];

/** One published folder (and archive) of a task. */
export interface HearFolder {
  /** The task's name in file names. */
  readonly taskName: string;
  /** The version that HEAR scored. */
  readonly version: string;
  /** Which part of the data it holds: `full`, or `5h`, `50h`. */
  readonly mode: string;
  /** `taskName-version-mode`: the folder's name, and a {@link Task}'s id. */
  readonly id: string;
}

/** One of the 19 tasks of HEAR 2021. */
export interface HearTask extends Pick<TaskMetadata, 'embeddingType' | 'predictionType' | 'splitMode'> {
  /** Its name on the leaderboard. */
  readonly title: HearTitle;
  /** The group that the leaderboard puts it in. */
  readonly category: HearCategory;
  /** The leaderboard's metric, which is the first one in the task's metadata; higher is better for all of them. */
  readonly metric: string;
  /** Number of folds; 1 for tasks with train, valid and test. */
  readonly folds: number;
  /** Number of clips in all splits. */
  readonly clips: number;
  /** Number of labels, if the task's description gives the number of classes, pitches or counts. */
  readonly labels?: number;
  /**
   * The task's folders. If there are several, the task's score is the mean of theirs: Beehive has one for each hive
   * that is tested on.
   */
  readonly folders: readonly HearFolder[];
}

type Settings = Omit<HearTask, 'title' | 'folders' | 'folds' | 'splitMode'> & { readonly folds?: number };

function task(title: HearTitle, folders: readonly string[], settings: Settings & { presplit?: boolean }): HearTask {
  const { folds = 1, presplit = false, ...rest } = settings;
  const splitMode = folds === 1 ? 'trainvaltest' : presplit ? 'presplit_kfold' : 'new_split_kfold';
  return { title, ...rest, folds, splitMode, folders: folders.map(folderOfId) };
}

/** A version may have hyphens (`v1.0-hear2021`); names and modes have none. */
function folderOfId(id: string): HearFolder {
  const parts = id.split('-');
  return { taskName: parts[0], version: parts.slice(1, -1).join('-'), mode: parts[parts.length - 1], id };
}

const accuracy = { embeddingType: 'scene', predictionType: 'multiclass', metric: 'top1_acc' } as const;
const pitch = { ...accuracy, metric: 'pitch_acc' } as const;
const events = { embeddingType: 'event', predictionType: 'multilabel' } as const;

/**
 * The tasks, in the leaderboard's order. Names, versions, splits and metrics are from hearpreprocess's task
 * configurations, numbers of clips from https://hearbenchmark.com/hear-tasks.html.
 */
export const hearTasks: readonly HearTask[] = [
  task('Beehive', ['beehive_states_fold0-v2-full', 'beehive_states_fold1-v2-full'], {
    ...accuracy,
    metric: 'aucroc',
    category: 'general',
    clips: 576,
    labels: 2,
  }),
  task('Beijing Opera', ['beijing_opera-v1.0-hear2021-full'], {
    ...accuracy,
    category: 'music',
    folds: 5,
    clips: 236,
    labels: 4,
  }),
  task('CREMA-D', ['tfds_crema_d-1.0.0-full'], { ...accuracy, category: 'speech', folds: 5, clips: 7438, labels: 6 }),
  task('DCASE 2016', ['dcase2016_task2-hear2021-full'], {
    ...events,
    metric: 'event_onset_200ms_fms',
    category: 'general',
    clips: 72,
    labels: 11,
  }),
  task('ESC-50', ['esc50-v2.0.0-full'], {
    ...accuracy,
    category: 'general',
    folds: 5,
    presplit: true,
    clips: 2000,
    labels: 50,
  }),
  task('FSD50K', ['fsd50k-v1.0-full'], {
    embeddingType: 'scene',
    predictionType: 'multilabel',
    metric: 'mAP',
    category: 'general',
    clips: 51_185,
    labels: 200,
  }),
  task('GTZAN Genre', ['tfds_gtzan-1.0.0-full'], {
    ...accuracy,
    category: 'music',
    folds: 10,
    clips: 1000,
    labels: 10,
  }),
  task('GTZAN Music/Speech', ['tfds_gtzan_music_speech-1.0.0-full'], {
    ...accuracy,
    category: 'music',
    folds: 10,
    clips: 128,
    labels: 2,
  }),
  task('Gunshot', ['gunshot_triangulation-v1.0-full'], {
    ...accuracy,
    category: 'general',
    folds: 7,
    clips: 88,
  }),
  task('Libricount', ['libricount-v1.0.0-hear2021-full'], {
    ...accuracy,
    category: 'speech',
    folds: 5,
    clips: 5720,
    labels: 11,
  }),
  task('Maestro 5h', ['maestro-v3.0.0-5h'], {
    ...events,
    metric: 'event_onset_50ms_fms',
    category: 'music',
    folds: 5,
    clips: 185,
  }),
  task('Mridangam Stroke', ['mridangam_stroke-v1.5-full'], {
    ...accuracy,
    category: 'music',
    folds: 5,
    clips: 6977,
    labels: 10,
  }),
  task('Mridangam Tonic', ['mridangam_tonic-v1.5-full'], {
    ...accuracy,
    category: 'music',
    folds: 5,
    clips: 6977,
    labels: 6,
  }),
  task('NSynth Pitch 50h', ['nsynth_pitch-v2.2.3-50h'], { ...pitch, category: 'music', clips: 49_060, labels: 88 }),
  task('NSynth Pitch 5h', ['nsynth_pitch-v2.2.3-5h'], { ...pitch, category: 'music', clips: 5000, labels: 88 }),
  task('Speech commands 5h', ['speech_commands-v0.0.2-5h'], {
    ...accuracy,
    category: 'speech',
    clips: 22_890,
    labels: 12,
  }),
  task('Speech commands full', ['speech_commands-v0.0.2-full'], {
    ...accuracy,
    category: 'speech',
    clips: 100_503,
    labels: 12,
  }),
  task('Vocal Imitation', ['vocal_imitation-v1.1.3-full'], {
    ...accuracy,
    metric: 'mAP',
    category: 'speech',
    folds: 3,
    clips: 5601,
    labels: 302,
  }),
  task('VoxLingua107 top 10', ['vox_lingua_top10-hear2021-full'], {
    ...accuracy,
    category: 'speech',
    folds: 5,
    clips: 972,
    labels: 10,
  }),
];

/** The HEAR task that a task's name and mode belong to; undefined for other tasks and for HEAR's small editions. */
export function hearTaskOf(taskName: string, mode: string): HearTask | undefined {
  return hearTasks.find(({ folders }) =>
    folders.some((folder) => folder.taskName === taskName && folder.mode === mode),
  );
}

/**
 * The folders that a name on the command line stands for: a folder's name, a task's name (`esc50`; all its editions),
 * its title on the leaderboard, a category, or `all`. Case does not matter.
 *
 * @throws OptionError for an unknown name; suggests the nearest known one
 */
export function foldersByName(name: string): readonly HearFolder[] {
  const wanted = name.toLowerCase();
  const found = hearTasks.flatMap(({ title, category, folders }) =>
    [title.toLowerCase(), category, 'all'].includes(wanted)
      ? folders
      : folders.filter(({ id, taskName }) => [id, taskName].includes(wanted)),
  );
  if (found.length > 0) return found;
  const known = hearTasks.flatMap(({ title, folders }) => [
    title,
    ...folders.flatMap(({ id, taskName }) => [id, taskName]),
  ]);
  throw new OptionError({
    asked: `HEAR task '${name}'`,
    found: 'no such task',
    fix: `${didYouMean(name, known)}'hearken tasks list' lists them; 'all' selects all of them`,
  });
}
