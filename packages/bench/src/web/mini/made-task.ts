import { decodeWav, encodeWav } from '@hearken/signals';
import type { ChosenMiniTask } from '@hearken/tasks/internal';
import { type Clip, parseClips, parseMetadata, type Task } from '@hearken/tasks';

/** A mini task in memory. */
export interface MadeTask {
  readonly task: Pick<Task, 'id' | 'metadata' | 'labels' | 'splits'>;
  /** Sample rate in Hz. */
  readonly sampleRate: number;
  /** The signal of each clip by name, `[channels, samples]`, as it would be read from its file. */
  readonly signals: ReadonlyMap<Clip, Float32Array>;
}

/** Number of clips that are made before the thread's other work gets a turn. */
const clipsAtATime = 16;

/** Makes a mini task with the same clips as on disk, including the rounding to 16 bits. */
export async function makeTask(
  { task: mini, random }: ChosenMiniTask,
  seed: number,
  abortSignal?: AbortSignal,
): Promise<MadeTask> {
  const { labels, sampleRate } = mini;
  const name = String(mini.metadata.task_name);
  const { metadata, splits: names } = parseMetadata(JSON.stringify({ ...mini.metadata, mode: `seed${seed}` }), name);
  const id = `${metadata.taskName}-${metadata.version}-${metadata.mode}`;
  const ecg = metadata.modality === 'ecg';
  const contents = new Map<string, Record<string, unknown>>(names.map((split) => [split, {}]));
  const bySplit = new Map(names.map((split) => [split, new Map<string, Float32Array>()]));
  let made = 0;
  for (const clip of mini.clips(random())) {
    const file = `${clip.name}.${ecg ? 'npy' : 'wav'}`;
    const signal = ecg ? clip.signal : decodeWav(encodeWav(clip.signal, sampleRate), file).channels[0];
    contents.get(clip.split)![file] = clip.content;
    bySplit.get(clip.split)!.set(file, signal);
    made += 1;
    if (made % clipsAtATime === 0) await new Promise((resolve) => setTimeout(resolve));
    abortSignal?.throwIfAborted();
  }
  const splits = new Map<string, readonly Clip[]>();
  const signals = new Map<Clip, Float32Array>();
  for (const [split, content] of contents) {
    const clips = parseClips(content, { task: id, split, metadata, labels });
    splits.set(split, clips);
    for (const clip of clips) signals.set(clip, bySplit.get(split)!.get(clip.name)!);
  }
  return { task: { id, metadata, labels, splits }, sampleRate, signals };
}
