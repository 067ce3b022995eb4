import { OptionError } from '@hearken/core';
import { type Dataset, type MadeTask, openTask } from '@hearken/tasks/node';
import { makeMiniTaskFolders } from '@hearken/tasks/internal/node';

/** The mini tasks, which need no download, for `hearken tasks make --list`. */
export const miniDataset: Omit<Dataset, 'plan'> = {
  name: 'mini',
  title: 'Small synthetic tasks for trying things out: quickly made, always the same',
  url: '',
  license: '',
  citation: '',
  layout: 'no download, and therefore no --source',
  sampleRate: 16_000,
  makes: 'mini_rhythm (ECG, 500 Hz), mini_{events,pitch,scenes}',
  expectedCounts: {},
};

/** Options of `hearken tasks make mini`. */
export interface MakeMiniOptions {
  /** Receives one folder per task. */
  readonly out: string;
  /** Names such as `scenes` or `mini_scenes`; default: all. */
  readonly task?: readonly string[];
  /** The same seed makes the same tasks. */
  readonly seed: number;
  /** These options do not apply here and are refused. */
  readonly source?: string;
  /** This option does not apply here and is refused. */
  readonly sampleRate?: number;
}

/** Makes the mini tasks. @throws OptionError for an unknown task, and for options that do not apply */
export async function makeMiniDataset({ out, task, seed, source, sampleRate }: MakeMiniOptions): Promise<MadeTask[]> {
  for (const [flag, value] of Object.entries({ '--source': source, '--sample-rate': sampleRate })) {
    if (value === undefined) continue;
    throw new OptionError({
      asked: `${flag} of dataset 'mini'`,
      found: 'synthetic tasks, to which it does not apply',
      fix: 'leave it out',
    });
  }
  const folders = await makeMiniTaskFolders(out, { seed, tasks: task?.map((name) => name.replace(/^mini_/, '')) });
  const made: MadeTask[] = [];
  for (const { folder, isNew } of folders) {
    const { id, splits } = await openTask(folder);
    const clips = Object.fromEntries([...splits].map(([split, { length }]) => [split, length]));
    // Each clip is synthesised separately.
    const grouping = { state: 'none' } as const;
    made.push({ task: id, folder, state: isNew ? 'made' : 'present', clips, grouping, leftOut: 0 });
  }
  return made;
}
