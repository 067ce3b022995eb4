import type { BoardModel, BoardTask } from '../board/leaderboard.js';
import { optionsText } from '../board/model-names.js';
import { countText, scoreText, secondsText } from '../pictures/axes.js';
import { shortPath, type ReportResult } from '../read/report-result.js';
import { html, type Html } from './html.js';
import { factorText, memoryText, scoreCell } from './leaderboard-page.js';
import { sortableTable } from './table.js';

/** What is known about a model, its scores, and all results that they come from. */
export function modelPage(model: BoardModel, tasks: readonly BoardTask[], figures: readonly Html[]): Html {
  const scored = tasks.filter(({ key }) => model.scores.has(key));
  return html`<p>
      ${model.origin === 'published' ? html`<span class="badge">published</span> Figures published by others, not computed here.` : 'Computed by hearken.'}
    </p>
    ${model.notes.map((note) => html`<p class="notice">${note}</p>`)}
    <dl>
      ${facts(model).map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <h2>Scores</h2>
    ${scored.length === 0 ? html`<p>No scores of single tasks.</p>` : scores(model, scored)}
    ${
      model.costs.length > 0
        ? html`<h2>Cost</h2>
            ${costs(model)}`
        : null
    }
    ${
      figures.length > 0
        ? html`<h2>Pictures</h2>
            <div class="figures">${figures}</div>`
        : null
    }
    ${
      model.results.length > 0
        ? html`<h2>Results</h2>
            ${results(model)}`
        : null
    }`;
}

function facts(model: BoardModel): [string, Html | string][] {
  const [first] = model.results as readonly (ReportResult | undefined)[];
  const list = (values: readonly string[]) => [...new Set(values)].join('; ');
  const mean = model.normalized;
  const given: [string, Html | string | null | undefined][] = [
    ['source', model.url === null ? model.source : html`<a href="${model.url}" rel="noreferrer">${model.source}</a>`],
    ['checkpoint SHA-256', first === undefined ? null : (first.model.checkpointSha256 ?? 'none: no weights')],
    ['options', first === undefined ? null : optionsText(first.model.options).slice(0, 2000)],
    ['plugin version', list(model.results.map((one) => one.model.pluginVersion))],
    ['backend', list(model.results.map((one) => one.model.backend))],
    ['machine', list(model.results.map(({ machine }) => machine))],
    ['hearken', model.harnessVersions.join(', ')],
    ['probe', model.probe],
    ['parameters', model.parameters === null ? null : countText(model.parameters)],
    ['multiply-adds for 10 s', model.macs === null ? null : countText(model.macs)],
    ['seconds per clip', model.secondsPerClip === null ? null : secondsText(model.secondsPerClip)],
    ['normalised mean', mean === null ? null : `${(100 * mean.value).toFixed(2)} over ${mean.tasks} HEAR tasks`],
    ['standardised mean', model.standardized === null ? null : model.standardized.value.toFixed(3)],
  ];
  return given.filter(
    (fact): fact is [string, Html | string] => fact[1] !== null && fact[1] !== undefined && fact[1] !== '',
  );
}

function scores(model: BoardModel, tasks: readonly BoardTask[]): Html {
  return sortableTable({
    id: 'scores',
    caption: `Scores of ${model.name}`,
    columns: [
      { title: 'Task', isNumber: false },
      { title: 'Category', isNumber: false },
      { title: 'Metric', isNumber: false },
      { title: 'Score', isNumber: true, descending: true },
      { title: 'Deviation', subtitle: 'over folds', isNumber: true },
      { title: 'Normalised', isNumber: true, descending: true },
      { title: 'Standardised', isNumber: true, descending: true },
      { title: 'Per clip', isNumber: true },
    ],
    rows: tasks.map((task) => {
      const one = model.scores.get(task.key)!;
      const number = (value: number | null, text: (value: number) => string = scoreText) => ({
        content: value === null ? '' : text(value),
        value,
      });
      return {
        search: `${task.key} ${task.category} ${task.metric}`,
        cells: [
          { content: html`<a href="../tasks/${task.slug}.html">${task.key}</a>`, value: task.key },
          { content: task.category },
          { content: task.metric },
          scoreCell(model, task),
          number(one.deviation),
          number(one.normalized),
          number(one.standardized),
          number(one.secondsPerClip, secondsText),
        ],
      };
    }),
  });
}

function costs({ costs: measured }: BoardModel): Html {
  const number = (value: number | null, text: (value: number) => string) => ({
    content: value === null ? '' : text(value),
    value,
  });
  const columns = ['Machine', 'Runtime', 'Load', 'Real-time factor', 'Peak memory', 'Before loading', 'Checkpoint'];
  return html`<p>
      Real-time factor: seconds of computing for a second of signal. Peak memory: of a process that only loads and uses
      the model, with Node.js and the runtime.
    </p>
    ${sortableTable({
      id: 'costs',
      caption: 'What it costs on machines',
      columns: [...columns, 'hearken', 'Measured'].map((title, index) => ({
        title,
        isNumber: index >= 2 && index < 7,
      })),
      rows: measured.map((cost) => ({
        search: `${cost.machine} ${cost.runtime}`,
        cells: [
          { content: cost.machine },
          { content: cost.runtime },
          number(cost.loadSeconds, secondsText),
          number(cost.realTimeFactor, factorText),
          number(cost.peakMemoryBytes, memoryText),
          number(cost.idleMemoryBytes, memoryText),
          number(cost.checkpointBytes, memoryText),
          { content: cost.harnessVersion },
          { content: cost.measuredAt },
        ],
      })),
    })}`;
}

function results({ results }: BoardModel): Html {
  return sortableTable({
    id: 'results',
    caption: 'All its result files',
    columns: ['File', 'Task', 'Evaluation', 'Score', 'hearken', 'Finished', 'Warnings'].map((title) => ({
      title,
      isNumber: title === 'Score',
    })),
    rows: results.map((one) => {
      const { probe, grid, gridPoints, seed, seeds, trainFraction } = one.evaluation;
      const part =
        trainFraction === 1 ? '' : `, ${Number((100 * trainFraction).toPrecision(3))}% of the training clips`;
      const score = one.scores.get(one.metric)!.mean;
      return {
        search: `${one.path} ${one.task.id}`,
        cells: [
          { content: shortPath(one.path) },
          { content: one.task.id },
          {
            content:
              probe === 'head'
                ? `pretrained head, seed ${seed}`
                : `${probe}, ${gridPoints} points of ${grid}, seed ${seed}${seeds > 1 ? ` and ${seeds - 1} more` : ''}${part}`,
          },
          { content: score === null ? 'undefined' : scoreText(score), value: score },
          { content: one.harnessVersion },
          { content: one.finishedAt },
          { content: one.warnings.join('; ') },
        ],
      };
    }),
  });
}
