/** Shows how far one piece of work is. */
export interface ProgressView {
  /** A line that stays. */
  note(line: string): void;
  /** Begins a piece of work of `total` units; the one before is over. */
  begin(label: string, total: number): void;
  /** How far it is, what to know of it, and how many seconds are left as far as that can be told. */
  update(done: number, detail: string, secondsLeft: number | undefined): void;
  /** Ends the piece of work. */
  end(): void;
}

/** `45 s`, `3 min 10 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `, 45 s left`, or nothing where it cannot be told. */
export function leftText(secondsLeft: number | undefined): string {
  return secondsLeft === undefined ? '' : `, ${durationText(secondsLeft)} left`;
}
