import { join } from 'node:path';
import { bytesSha256, readPlainFile, readPlainText, writeFileAtomic } from '@hearken/core/node';
import { decodeMonoFile } from '@hearken/signals/internal/node';
import { readNpy } from '@hearken/signals';
import { chooseSampleRate } from '@hearken/tasks/node';
import type { Task } from '@hearken/tasks';
import { quietClips, repeatedClips, type ClipFacts } from './clip-facts.js';
import type { Warning } from './warning.js';

/** Number of clips read at a time. */
const lanes = 4;
const maximumInspectionBytes = 2 ** 26;
const maximumClipBytes = 2 ** 30;
/** Raise this when the contents of the file change. */
const schemaVersion = 1;

export interface InspectClipsOptions {
  /** The embedder's sample rate in Hz, which decides which folder of the task is read. */
  readonly sampleRate: number;
  /** Folder with inspections, stored by content hash. */
  readonly cacheFolder: string;
  readonly contentHash: string;
  readonly abortSignal?: AbortSignal;
}

/**
 * Warns about near-silent clips and clips in two splits. Every clip is read and decoded once for each content of the
 * task; the findings are stored for all models. Unreadable clips are skipped here: embedding reports them.
 *
 * @throws FileError if the cache cannot be written; the abort signal's reason
 */
export async function inspectClips(task: Task, options: InspectClipsOptions): Promise<Warning[]> {
  const path = join(options.cacheFolder, `${options.contentHash}.json`);
  const known = await readInspection(path);
  if (known !== undefined) return known;
  const facts = await clipFacts(task, options);
  const warnings = [...quietClips(task.id, facts), ...repeatedClips(task.id, facts)];
  await writeFileAtomic(path, `${JSON.stringify({ schemaVersion, task: task.id, warnings })}\n`);
  return warnings;
}

async function readInspection(path: string): Promise<Warning[] | undefined> {
  try {
    const { schemaVersion: version, warnings } = JSON.parse(
      await readPlainText(path, { maximumBytes: maximumInspectionBytes }),
    ) as {
      schemaVersion?: number;
      warnings?: Warning[];
    };
    return version === schemaVersion && Array.isArray(warnings) ? warnings : undefined;
  } catch {
    return undefined;
  }
}

/** The facts about every readable clip, in the order of the splits. */
export async function clipFacts(
  task: Task,
  { sampleRate, abortSignal }: Pick<InspectClipsOptions, 'sampleRate' | 'abortSignal'>,
): Promise<ClipFacts[]> {
  const rate = String(chooseSampleRate(task, sampleRate));
  const clips = [...task.splits].flatMap(([split, splitClips]) => splitClips.map(({ name }) => ({ split, name })));
  const facts = new Array<ClipFacts | undefined>(clips.length);
  let next = 0;
  const readNext = async () => {
    while (next < clips.length) {
      abortSignal?.throwIfAborted();
      const index = next++;
      const { split, name } = clips[index];
      const samples = await readSamples(
        join(task.folder, rate, split, name),
        task.folder,
        task.metadata.modality,
      ).catch(() => undefined);
      if (samples !== undefined) facts[index] = { split, name, hash: hashOf(samples), peak: peakOf(samples) };
    }
  };
  await Promise.all(Array.from({ length: lanes }, readNext));
  return facts.filter((fact) => fact !== undefined);
}

async function readSamples(path: string, folder: string, modality: 'audio' | 'ecg'): Promise<Float32Array> {
  if (modality === 'ecg')
    return readNpy(await readPlainFile(path, { maximumBytes: maximumClipBytes, within: folder }), path).data;
  return (await decodeMonoFile(path, { within: folder })).channels[0];
}

function hashOf(samples: Float32Array): string {
  return bytesSha256(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
}

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) {
    const size = Math.abs(sample);
    if (size > peak) peak = size;
  }
  return peak;
}
