/* What the queue says about campaigns besides BullMQ's own keys. All of it is JSON. */

/** A campaign in the queue. */
export interface CampaignRecord {
  /** Letters, digits, hyphens and underscores: the ids of its jobs begin with it and a dot. */
  id: string;
  /** What its author calls it. */
  name: string;
  /** ISO 8601. */
  submittedAt: string;
  /** 1 is first, 1000 last; default: 100. */
  priority: number;
  /** Folder for the results. */
  out: string;
  /** Number of its root jobs. */
  roots: number;
  /** Hearken's version. */
  version: string;
}

/** What is done for a root job. */
export type RootStage = 'waiting' | 'describe' | 'manifest' | 'embed' | 'train' | 'score';

/** How far a root job is: a model on a task, with all its ways of scoring. */
export interface RootProgress {
  /** Id of the campaign. */
  campaign: string;
  /** What the campaign calls the model. */
  model: string;
  /** Id of the task. */
  task: string;
  /** What is done for it now. */
  stage: RootStage;
  /** How many of the jobs of this stage are done. */
  done: number;
  /** How many jobs the stage has. */
  total: number;
}

/** What a root job returns. */
export interface RootResult {
  /** Paths of the result files. */
  results: string[];
  /** The ways of scoring that failed. */
  failed: {
    /** Which one. */
    evaluation: string;
    /** Why. */
    message: string;
    /** The parts of the error if it is one of Hearken's. */
    parts?: { asked: string; found: string; fix: string; reason?: string };
    /** Share of the training clips, if not all of them. */
    trainFraction?: number;
  }[];
}

/** What a worker says of itself every few seconds. */
export interface WorkerRecord {
  /** Different from those of all others. */
  id: string;
  /** Name of its machine. */
  host: string;
  /** Id of its process. */
  process: number;
  /** Hearken's version. */
  version: string;
  /** How many jobs it runs at once. */
  slots: number;
  /** Whether it does the jobs of models on the CPU, or those on a GPU. */
  provider: 'cpu' | 'cuda';
  /** ISO 8601. */
  startedAt: string;
  /** Why it takes no jobs at the moment. */
  paused?: string;
  /** The jobs that it has. */
  running: {
    /** Which of its slots. */
    slot: number;
    /** What is done, such as `embed`. */
    kind: string;
    /** Id of the campaign. */
    campaign: string;
    /** What the campaign calls the model. */
    model?: string;
    /** Folder or id of the task. */
    task: string;
    /** ISO 8601. */
    since: string;
    /** How much of it is done. */
    done?: number;
    /** How much there is to do. */
    total?: number;
  }[];
  /** How many models it has loaded so far. */
  loads: number;
}
