import { publishedTables } from '../generated/published.js';
import { meanReciprocalRanks, type RankedTask } from '../statistics/ranks.js';

const { columns, rows } = publishedTables['opera-tasks'];

/** OPERA's models, in the order of its table. */
export const operaModels: readonly string[] = columns.slice(1);

/** OPERA's tasks scored by AUROC (T1 to T12); the others, T13 to T19, are scored by mean absolute error. */
const operaAucTasks = 12;

/** The mean in each cell of OPERA's table, `mean±deviation`. */
function operaTasks(): readonly (RankedTask & { readonly name: string })[] {
  return rows.map(([name, ...cells], index) => ({
    name,
    scores: cells.map((cell) => Number(cell.split('±')[0])),
    maximize: index < operaAucTasks,
  }));
}

/** Mean reciprocal ranks over T1 to T12, as OPERA gives them (Y. Zhang et al. 2024, arXiv 2406.16148, table 3). */
export function operaReciprocalRanks(): number[] {
  return meanReciprocalRanks(operaTasks().slice(0, operaAucTasks));
}
