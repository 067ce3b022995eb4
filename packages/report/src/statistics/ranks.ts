/**
 * Ranks of one task's scores, 1 for the best; equal scores get the mean of their ranks.
 *
 * @param maximize whether higher is better
 */
export function ranks(scores: readonly number[], maximize: boolean): number[] {
  return scores.map((score) => {
    const better = scores.filter((other) => (maximize ? other > score : other < score)).length;
    const equal = scores.filter((other) => other === score).length;
    return better + (equal + 1) / 2;
  });
}

/** Scores of all models on one task, by model. */
export interface RankedTask {
  readonly scores: readonly number[];
  readonly maximize: boolean;
}

/** Mean rank of each model over tasks. */
export function averageRanks(tasks: readonly RankedTask[]): number[] {
  return meanOver(tasks.map(({ scores, maximize }) => ranks(scores, maximize)));
}

/**
 * Mean reciprocal rank of each model over tasks: 1 for a model that is best everywhere. Equal scores get the better of
 * their ranks here, as in OPERA's table (Y. Zhang et al. 2024, arXiv 2406.16148).
 */
export function meanReciprocalRanks(tasks: readonly RankedTask[]): number[] {
  return meanOver(
    tasks.map(({ scores, maximize }) =>
      scores.map((score) => 1 / (1 + scores.filter((other) => (maximize ? other > score : other < score)).length)),
    ),
  );
}

function meanOver(byTask: readonly (readonly number[])[]): number[] {
  return (byTask[0] ?? []).map((_, model) => byTask.reduce((sum, task) => sum + task[model], 0) / byTask.length);
}
