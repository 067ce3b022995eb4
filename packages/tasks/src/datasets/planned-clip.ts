/** A part of a recording that becomes one clip of a task, before audio is read. */
export interface PlannedClip {
  /** File name of the clip without extension; unique in its dataset. */
  readonly name: string;
  /** Path of the recording, relative to the source folder. */
  readonly source: string;
  /** In seconds from the start of the recording; default: the whole recording. */
  readonly start?: number;
  readonly end?: number;
  /** The person, animal or place whose clips must stay in one split. */
  readonly group: string;
  /** End of the last event in seconds: a shorter recording is not the one that was annotated. */
  readonly annotatedTo?: number;
  /** Other facts about it: device, site, age, sex. */
  readonly metadata: Readonly<Record<string, string>>;
}
