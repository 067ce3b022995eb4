import type { BoardMean, BoardModel, BoardScore, BoardTask, Leaderboard } from '../board/leaderboard.js';
import { countText, scoreText, secondsText } from '../pictures/axes.js';
import { clipCountText } from '@hearken/results/internal';
import { html, type Html } from './html.js';
import { sortableTable, type TableCell, type TableColumn } from './table.js';

const fixedColumns: readonly TableColumn[] = [
  { title: 'Model', isNumber: false },
  { title: 'Parameters', isNumber: true },
  { title: 'MACs', subtitle: 'for 10 s', isNumber: true },
  { title: 'Speed', subtitle: 'per clip, over its tasks', isNumber: true },
  { title: 'Normalised mean', subtitle: 'ratio to best of 2021, %', isNumber: true, descending: true },
  { title: 'Standardised mean', subtitle: "HEAR's, in [-1, 1]", isNumber: true, descending: true },
];

/** Only if a model has been profiled. */
const costColumns: readonly TableColumn[] = [
  { title: 'Real-time factor', subtitle: 'seconds for a second', isNumber: true },
  { title: 'Memory', subtitle: 'peak', isNumber: true },
];

/** The table of all models and tasks, with pictures. */
export function leaderboardPage(
  { tasks, models, notes }: Leaderboard,
  left: readonly string[],
  figures: readonly Html[],
): Html {
  const withCosts = models.some(({ costs }) => costs.length > 0);
  const groupOf = (task: BoardTask) => (task.isHear ? `HEAR, ${task.category}` : task.category);
  return html`<p>
      Our runs, and scores published by others <span class="badge">published</span>. Rows with
      <span class="badge">pretrained head</span> score a model's own classifier; all others of ours are probes trained
      on its embeddings, so the two kinds are not comparable. Click on a column to sort by it. The normalised mean
      divides each HEAR score by the best HEAR 2021 submission's; the standardised mean is as HEAR defines it: scores
      are scaled to mean 0 and deviation 1 over the submissions, and clipped to [-1, 1]. Both are over the tasks that a
      model has scores on; their number is shown below each mean. Means over different tasks are not comparable. The
      range below a score or mean is its 95% interval over other draws of the test clips or their groups. Below a score,
      n is the number of test clips, and chance is the score of giving every clip the same answer.
    </p>
    ${[...notes, ...(left.length > 0 ? [`${left.length} items were left out: see the end of this page.`] : [])].map((note) => html`<p class="notice">${note}</p>`)}
    ${sortableTable({
      id: 'leaderboard',
      caption: 'Models and their scores by task',
      withOrigins: true,
      columns: [
        ...fixedColumns,
        ...(withCosts ? costColumns : []),
        ...tasks.map((task) => ({
          title: task.key,
          subtitle: task.metric,
          link: `tasks/${task.slug}.html`,
          isNumber: true,
          group: groupOf(task),
          descending: task.maximize,
        })),
      ],
      rows: models.map((model) => ({
        origin: model.origin,
        search: [model.name, model.source, ...model.notes, model.probe ?? ''].join(' '),
        cells: [
          ...modelCells(model),
          ...(withCosts ? costCells(model) : []),
          ...tasks.map((task) => scoreCell(model, task)),
        ],
      })),
    })}
    <h2>Pictures</h2>
    <div class="figures">${figures}</div>
    ${
      left.length > 0
        ? html`<h2>Left out</h2>
            <ul>
              ${left.map((note) => html`<li>${note}</li>`)}
            </ul>`
        : null
    }`;
}

function modelCells(model: BoardModel): TableCell[] {
  const badge = html`<span class="badge">published</span>`;
  const headBadge = html`<span class="badge">pretrained head</span>`;
  const notes = model.notes.map((note) => html`<small>${note}</small>`);
  return [
    {
      content: html`<a href="models/${model.slug}.html">${model.name}</a>
        ${model.origin === 'published' ? badge : null}${model.probe === 'pretrained head' ? headBadge : null}${notes}`,
      value: model.name,
      ...(model.harnessVersions.length > 1
        ? { mark: `results of hearken ${model.harnessVersions.join(' and ')}` }
        : {}),
    },
    numberCell(model.parameters, countText),
    numberCell(model.macs, countText),
    numberCell(model.secondsPerClip, secondsText),
    meanCell(model.normalized, 100, 2),
    meanCell(model.standardized, 1, 3),
  ];
}

function costCells({ costs }: BoardModel): TableCell[] {
  const cost = costs.at(0);
  if (cost === undefined) return [numberCell(null, String), numberCell(null, String)];
  const { realTimeFactor, peakMemoryBytes, machine } = cost;
  return [
    { content: html`${factorText(realTimeFactor)}<small>${machine}</small>`, value: realTimeFactor },
    numberCell(peakMemoryBytes, memoryText),
  ];
}

/** A real-time factor, which for small models is far below 0.001. */
export function factorText(factor: number): string {
  return String(Number(factor.toPrecision(3)));
}

/** A number of bytes in MiB. */
export function memoryText(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MiB`;
}

function numberCell(value: number | null, text: (value: number) => string): TableCell {
  return { content: value === null ? '' : text(value), value };
}

function meanCell(mean: BoardMean | null, factor: number, digits: number): TableCell {
  if (mean === null) return { content: '', value: null };
  const { value, low, high, tasks } = mean;
  const interval =
    low === null || high === null
      ? null
      : html`<small>${(factor * low).toFixed(digits)} to ${(factor * high).toFixed(digits)}</small>`;
  return {
    content: html`${(factor * value).toFixed(digits)}${interval}<small
        >${tasks} ${tasks === 1 ? 'task' : 'tasks'}</small
      >`,
    value,
  };
}

/** A score with its interval and mark. */
export function scoreCell(model: BoardModel, task: BoardTask): TableCell {
  const one = model.scores.get(task.key);
  if (one === undefined) return { content: '', value: null };
  const { score, low, high, marks, chance, clinical } = one;
  const interval = low === null || high === null ? null : html`<small>${scoreText(low)} to ${scoreText(high)}</small>`;
  const context = [
    ...(one.clips === null ? [] : [`n ${clipCountText(one)}`]),
    ...(chance === null ? [] : [`chance ${scoreText(chance)}`]),
  ];
  return {
    content: html`${scoreText(score)}${interval}${context.length === 0 ? null : html`<small>${context.join(', ')}</small>`}${clinical.map((further) => html`<small>${clinicalText(further)}</small>`)}`,
    value: score,
    ...(marks.length > 0 ? { mark: marks.join('; ') } : {}),
  };
}

/** `sensitivity 0.912 (0.853 to 0.951), n 120` */
function clinicalText({ metric, mean, low, high, clips, isUndefined }: BoardScore['clinical'][number]): string {
  const value = mean === null ? 'undefined' : `${scoreText(mean)}${isUndefined ? ' (undefined)' : ''}`;
  const interval = low === null || high === null ? '' : ` (${scoreText(low)} to ${scoreText(high)})`;
  return `${metric} ${value}${interval}${clips === null ? '' : `, n ${clips}`}`;
}
