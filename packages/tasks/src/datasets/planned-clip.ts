/** A piece of a recording that becomes one clip of a task, before any audio is read. */
export interface PlannedClip {
  /** File name of the clip without its ending; unique in its dataset. */
  readonly name: string;
  /** Path of the recording, relative to the source folder. */
  readonly source: string;
  /** Seconds from the recording's start; default: the whole recording. */
  readonly start?: number;
  readonly end?: number;
  /** The person, animal or place that no two splits may share. */
  readonly group: string;
  /** Seconds up to which its events go: a recording that ends before them is not the one that was annotated. */
  readonly annotatedTo?: number;
  /** Whatever else is known of it: device, site, age, sex. */
  readonly metadata: Readonly<Record<string, string>>;
}
