import type { GridName } from '../result/grid-names.js';

/** How the scores of a protocol's tasks are combined into one number. */
export type Aggregation = 'normalized' | 'reciprocal-rank' | 'mean';

/** A task of a protocol. */
export interface ProtocolTask {
  /** Its name in tables; unique in its protocol. */
  readonly title: string;
  /**
   * The task folders that it needs, by `task_name` and, if several editions share that, `mode`. The task's score is the mean
   * of their scores.
   */
  readonly folders: readonly {
    /** `task_name` of its metadata. */
    readonly taskName: string;
    /** `mode` of its metadata: which edition. */
    readonly mode?: string;
  }[];
  /** The metric that counts; it may differ from the task's deciding metric. */
  readonly metric: string;
  /** If present, only this label of the task counts, against all others. */
  readonly label?: string;
}

/** A group of tasks with its own score. */
export interface ProtocolGroup {
  /** Its name in tables. */
  readonly name: string;
  /** The tasks of this kind. */
  readonly tasks: readonly ProtocolTask[];
}

/** Which tasks are scored and how, so that models are comparable. */
export interface Protocol {
  /** Its name in `--protocol`. */
  readonly name: string;
  /** Its name in tables. */
  readonly title: string;
  /** The paper that it follows. */
  readonly source: string;
  /** How its tasks are scored. */
  readonly evaluation: {
    /** What is trained on the embeddings. */
    readonly probe: string;
    /** Hyper-parameters to choose from. */
    readonly grid: GridName;
    /** How many of them are tried. */
    readonly gridPoints: number;
  };
  /** How the tasks' scores are combined into one number. */
  readonly aggregation: Aggregation;
  /** All tasks, by kind. */
  readonly groups: readonly ProtocolGroup[];
  /** What to know when comparing with published numbers, in full sentences. */
  readonly notes: readonly string[];
}

/** A protocol's tasks, whatever their group. */
export function tasksOf({ groups }: Protocol): ProtocolTask[] {
  return groups.flatMap(({ tasks }) => tasks);
}

/** Whether a protocol asks for a task folder. */
export function asksFor(protocol: Protocol, task: { readonly taskName: string; readonly mode: string }): boolean {
  return tasksOf(protocol).some((one) => one.folders.some((folder) => isFolder(folder, task)));
}

/** Whether a folder of a protocol is this one. */
export function isFolder(
  wanted: ProtocolTask['folders'][number],
  { taskName, mode }: { readonly taskName: string; readonly mode: string },
): boolean {
  return wanted.taskName === taskName && (wanted.mode === undefined || wanted.mode === mode);
}

/** A folder's name, with the mode if the protocol specifies it. */
export function folderText({ taskName, mode }: ProtocolTask['folders'][number]): string {
  return mode === undefined ? taskName : `${taskName} (${mode})`;
}
