import type { GridName } from '../result/grid-names.js';

/** How the scores of a protocol's tasks become one number. */
export type Aggregation = 'normalized' | 'reciprocal-rank' | 'mean';

/** A task as a protocol counts it. */
export interface ProtocolTask {
  /** What tables call it; unique in its protocol. */
  readonly title: string;
  /**
   * The task folders that it needs, by `task_name` and, where several editions share that, `mode`: the mean of their
   * scores is the task's.
   */
  readonly folders: readonly {
    /** `task_name` of its metadata. */
    readonly taskName: string;
    /** `mode` of its metadata: which edition. */
    readonly mode?: string;
  }[];
  /** The metric that counts, which need not be the one that the task is selected by. */
  readonly metric: string;
  /** Only this label of the task counts, against all others. */
  readonly label?: string;
}

/** Tasks of one kind, which have a score of their own. */
export interface ProtocolGroup {
  /** What tables call it. */
  readonly name: string;
  /** The tasks of this kind. */
  readonly tasks: readonly ProtocolTask[];
}

/** Which tasks are scored in which way, so that models can be compared. */
export interface Protocol {
  /** What `--protocol` calls it, and its file. */
  readonly name: string;
  /** What tables call it. */
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
  /** How the tasks' scores become one number. */
  readonly aggregation: Aggregation;
  /** All tasks, by kind. */
  readonly groups: readonly ProtocolGroup[];
  /** What who compares with published numbers must know, in whole sentences. */
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

/** A folder's name as far as the protocol fixes it. */
export function folderText({ taskName, mode }: ProtocolTask['folders'][number]): string {
  return mode === undefined ? taskName : `${taskName} (${mode})`;
}
