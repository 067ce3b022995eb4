import { OptionError } from '@hearken/core';
import { type Dataset, type MadeTask, openTask } from '@hearken/tasks/node';
import { makeMiniTaskFolders } from '@hearken/tasks/internal/node';

/** What `hearken tasks make --list` says of the mini tasks, which are no download. */
export const miniDataset: Omit<Dataset, 'plan'> = {
  name: 'mini',
  title: 'Small synthetic tasks, to see that things work: made on the spot, always the same',
  url: '',
  license: '',
  citation: '',
  layout: 'no download, and so no --source',
  sampleRate: 16_000,
  makes: 'mini_rhythm (ECG, 500 Hz), mini_{events,pitch,scenes}',
  expectedCounts: {},
};

/** What `hearken tasks make mini` was told. */
export interface MakeMiniOptions {
  /** Gets one folder for each task. */
  readonly out: string;
  /** Names such as `scenes` or `mini_scenes`; default: all. */
  readonly task?: readonly string[];
  /** The same seed makes the same tasks. */
  readonly seed: number;
  /** Have no meaning here, and are refused. */
  readonly source?: string;
  /** Has no meaning here, and is refused. */
  readonly sampleRate?: number;
}

/** Makes the mini tasks. @throws OptionError for an unknown task, and for options that mean nothing to them */
export async function makeMiniDataset({ out, task, seed, source, sampleRate }: MakeMiniOptions): Promise<MadeTask[]> {
  for (const [flag, value] of Object.entries({ '--source': source, '--sample-rate': sampleRate })) {
    if (value === undefined) continue;
    throw new OptionError({
      asked: `${flag} of dataset 'mini'`,
      found: 'tasks that are synthetic',
      fix: 'leave it out',
    });
  }
  const folders = await makeMiniTaskFolders(out, { seed, tasks: task?.map((name) => name.replace(/^mini_/, '')) });
  const made: MadeTask[] = [];
  for (const { folder, isNew } of folders) {
    const { id, splits } = await openTask(folder);
    const clips = Object.fromEntries([...splits].map(([split, { length }]) => [split, length]));
    // Each clip is synthesized by itself.
    const grouping = { state: 'none' } as const;
    made.push({ task: id, folder, state: isNew ? 'made' : 'present', clips, grouping, leftOut: 0 });
  }
  return made;
}
