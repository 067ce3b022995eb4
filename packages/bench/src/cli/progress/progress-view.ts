import { durationText } from '@hearken/core/internal';

/** Shows the progress of one piece of work. */
export interface ProgressView {
  /** Prints a line that stays. */
  note(line: string): void;
  /** Starts a piece of work of `total` units; ends the previous one. */
  begin(label: string, total: number): void;
  /** The number of finished units, a note, and the estimated number of seconds left, if known. */
  update(done: number, detail: string, secondsLeft: number | undefined): void;
  /** Ends the piece of work. */
  end(): void;
  /** Says how far the whole is of which the pieces of work are parts; shown until it is said again. */
  whole?(done: number, total: number, detail: string): void;
}

/** `, 45 s left`, or nothing if unknown. */
export function leftText(secondsLeft: number | undefined): string {
  return secondsLeft === undefined ? '' : `, ${durationText(secondsLeft)} left`;
}
