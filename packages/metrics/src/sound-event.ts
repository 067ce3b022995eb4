/** One labelled sound event, in milliseconds from the clip's start. */
export interface SoundEvent {
  /** One of the task's labels. */
  readonly label: string;
  /** Milliseconds from the clip's start. */
  readonly start: number;
  /** Milliseconds from the clip's start. */
  readonly end: number;
}
