import type { Random } from '@hearken/metrics';
import type { SoundEvent } from '../task.js';

/** One clip that a mini task makes. */
export interface MiniClip {
  /** The split that it is of. */
  readonly split: string;
  /** File name without its ending. */
  readonly name: string;
  /** Labels of a scene, or events. */
  readonly content: readonly string[] | readonly SoundEvent[];
  /** `[channels, samples]`: audio in [-1, 1], ECG in mV. */
  readonly signal: Float32Array;
}

/** A task made by code: small, deterministic, and an ordinary HEAR folder once written. */
export interface MiniTask {
  /** `task_metadata.json` in HEAR's keys, but for `mode`. */
  readonly metadata: Readonly<Record<string, unknown>> & {
    /** HEAR's name of the task. */
    readonly task_name: string;
    /** HEAR's version of the task. */
    readonly version: string;
    /** Names of its splits. */
    readonly splits: readonly string[];
    /** Lead names of an ECG task; audio tasks have none. */
    readonly leads?: readonly string[];
  };
  /** Labels by vocabulary index. */
  readonly labels: readonly string[];
  /** Hz of its clips. */
  readonly sampleRate: number;
  /** The clips in order; the same numbers from the generator give the same clips. */
  clips(random: Random): Iterable<MiniClip>;
}

/** Names with two digits, so that sorting keeps their order. */
export function numbered(prefix: string, index: number): string {
  return `${prefix}_${String(index).padStart(2, '0')}`;
}
