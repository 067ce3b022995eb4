import { modelName } from '@hearken/results';
import { hearTasks } from '@hearken/tasks';
import { bestHear2021Score, clinicalMetricsOf, recipeOfTrained, standardizedScore } from '@hearken/results/internal';
import { mean } from '@hearken/metrics';
import { meanOrNull } from '@hearken/metrics/internal';
import type { DisplayName } from '../read/display-names.node.js';
import type { ModelFacts } from '../read/model-facts.node.js';
import type { ReportResult } from '../read/report-result.js';
import { categoryOf } from './categories.js';
import { groupBy } from '@hearken/core/internal';
import { type ResultGroup } from './group-results.js';
import type { BoardModel, BoardScore, BoardTask } from './leaderboard.js';
import { meanOfScores } from './mean-of-scores.js';
import { columnsOf, hearTaskOfResult, notHear, type ColumnOf } from './task-columns.js';

/** What all results of a table have in common, to find those that differ. */
export interface TableFacts {
  /** The newest version. */
  readonly harnessVersion: string;
  /** By task id, the content hash of most results. */
  readonly contentHashes: ReadonlyMap<string, string>;
  /** Returns the column that a result belongs to. */
  readonly columnOf: ColumnOf;
}

/** The columns for results that are not on HEAR's tasks. */
export function otherTasks(
  results: readonly ReportResult[],
  columnOf: ColumnOf,
  slugOf: (text: string) => string,
): BoardTask[] {
  const byColumn = groupBy(
    results.filter((result) => hearTaskOfResult(result) === undefined),
    columnOf,
  );
  return [...byColumn].map(([key, [first]]) => ({
    key,
    slug: slugOf(key),
    taskId: first.task.id,
    category: categoryOf(first.task),
    metric: first.metric,
    metricVersion: first.metricFacts.version,
    metricSummary: summaryOf(first),
    maximize: first.metricFacts.maximize,
    isHear: false,
  }));
}

function summaryOf({ metricFacts: { summary, version } }: ReportResult): string {
  return version === null ? summary : `${summary}; custom metric, version ${version}`;
}

/** The newest version of the harness, and each task's most common content. */
export function tableFacts(results: readonly ReportResult[]): TableFacts {
  const versions = [...new Set(results.map(({ harnessVersion }) => harnessVersion))];
  const contentHashes = [...groupBy(results, ({ task }) => task.id)].map(([task, taskResults]) => {
    const byHash = [...groupBy(taskResults, (result) => result.task.contentHash)];
    return [task, byHash.sort(([, a], [, b]) => b.length - a.length)[0][0]] as const;
  });
  return {
    harnessVersion: versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)!,
    contentHashes: new Map(contentHashes),
    columnOf: columnsOf(results),
  };
}

/** One row of the table for a group of results. */
export function ourModel(
  { chosen, all }: ResultGroup,
  facts: ModelFacts,
  display: DisplayName,
  table: TableFacts,
  identity: Pick<BoardModel, 'name' | 'slug' | 'costs'>,
): BoardModel {
  const [{ model, evaluation }] = all;
  const scores = new Map<string, BoardScore>();
  for (const [key, results] of groupBy(chosen, table.columnOf)) {
    const score = boardScore(results, table);
    if (score !== undefined) scores.set(key, score);
  }
  const clips = chosen.reduce((sum, { task }) => sum + task.clips, 0);
  const seconds = chosen.reduce((sum, { embedSeconds }) => sum + embedSeconds, 0);
  const checkpoint = facts.published === false ? ['not known to be the checkpoint that its authors published'] : [];
  return {
    ...identity,
    origin: 'ours',
    source: modelName(model),
    url: null,
    notes: [
      ...(display.note === undefined ? [] : [display.note]),
      ...(isHead(evaluation) ? [headNote] : []),
      ...(recipeOfTrained(evaluation.probe) === undefined ? [] : [finetuneNote]),
      ...checkpoint,
    ],
    parameters: facts.parameters ?? identity.costs[0]?.parameters ?? null,
    macs: facts.macs,
    secondsPerClip: clips > 0 && seconds > 0 ? seconds / clips : null,
    probe: probeText(evaluation),
    harnessVersions: [...new Set(all.map(({ harnessVersion }) => harnessVersion))].sort(),
    normalized: meanOfScores(scores, 'normalized'),
    standardized: meanOfScores(scores, 'standardized'),
    scores,
    results: all,
  };
}

/** What rows say of a model whose own head is scored. */
const headNote = 'its own pretrained head, without training a probe';

/** What rows say of a model that was itself trained on a task's clips. */
const finetuneNote = "fine-tuned on each task's training clips, not a probe on its embeddings";

function isHead({ probe }: ReportResult['evaluation']): boolean {
  return probe === 'head';
}

function probeText(evaluation: ReportResult['evaluation']): string {
  if (isHead(evaluation)) return 'pretrained head';
  const { probe, pca } = evaluation;
  const recipe = recipeOfTrained(probe);
  if (recipe !== undefined) return `fine-tuned, ${recipe}`;
  return pca === null ? probe : `${probe}, pca ${pca}`;
}

/** The score of a task from the results on its folders; undefined if one of them is missing. */
function boardScore(results: readonly ReportResult[], table: TableFacts): BoardScore | undefined {
  const hear = hearTaskOfResult(results[0]);
  const folders = hear?.folders.length ?? 1;
  const scores = results.map(({ metric, scores }) => scores.get(metric)!);
  const means = scores.map(({ mean }) => mean).filter((mean) => mean !== null);
  if (means.length !== folders) return undefined;
  const score = mean(means);
  const halves = scores.map(({ low, high }) => (low === null || high === null ? null : (high - low) / 2));
  const [one] = scores;
  const joined = halves.some((half) => half === null) ? null : Math.hypot(...(halves as number[])) / folders;
  const interval =
    folders === 1
      ? { low: one.low, high: one.high }
      : { low: joined === null ? null : score - joined, high: joined === null ? null : score + joined };
  const clips = results.reduce((sum, { task }) => sum + task.clips, 0);
  const seconds = results.reduce((sum, { embedSeconds }) => sum + embedSeconds, 0);
  return {
    score,
    ...interval,
    deviation: folders === 1 ? one.deviation : null,
    clips: sumOrNull(scores.map(({ clips }) => clips)),
    groups: sumOrNull(scores.map(({ groups }) => groups)),
    chance: meanOrNull(scores.map(({ chance }) => chance)),
    clinical: folders === 1 ? clinicalScores(results[0]) : [],
    normalized: hear === undefined ? null : score / bestHear2021Score(hear.title).score,
    standardized: hear === undefined ? null : standardizedScore(hear.title, score),
    secondsPerClip: clips > 0 && seconds > 0 ? seconds / clips : null,
    marks: [...new Set(results.flatMap((result) => marksOf(result, table)))],
    results,
  };
}

/** The clinical metrics of a result, apart from the one it is ranked by. */
function clinicalScores({ metric, scores }: ReportResult): BoardScore['clinical'] {
  return clinicalMetricsOf({ metric, names: [...scores.keys()] }).map((name) => ({
    metric: name,
    ...scores.get(name)!,
  }));
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : known.reduce((sum, value) => sum + value, 0);
}

function marksOf(result: ReportResult, table: TableFacts): string[] {
  const { harnessVersion, task } = result;
  const other = notHear(result);
  const isUndefined = result.scores.get(result.metric)?.isUndefined === true;
  return [
    ...(isUndefined ? ["undefined on a test split: the number is the metric's conventional value"] : []),
    ...(other === undefined ? [] : [other]),
    ...(task.leftOut === 0 ? [] : [`without ${task.leftOut} of the clips, which could not be read`]),
    ...(harnessVersion === table.harnessVersion ? [] : [`computed by hearken ${harnessVersion}`]),
    ...(task.contentHash === table.contentHashes.get(task.id) ? [] : ['another version of the task']),
  ];
}

/** The columns of HEAR's tasks, in the leaderboard's order. */
export function hearColumns(slugOf: (text: string) => string): BoardTask[] {
  return hearTasks.map(({ title, category, metric }) => ({
    key: title,
    slug: slugOf(title),
    taskId: title,
    category,
    metric,
    metricVersion: null,
    maximize: true,
    isHear: true,
  }));
}
