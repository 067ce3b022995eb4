import type { BoardModel, BoardTask } from '../board/leaderboard.js';
import { metricByName } from '@hearken/metrics';
import { countText, scoreText, secondsText } from '../pictures/axes.js';
import { html, type Html } from './html.js';
import { scoreCell } from './leaderboard-page.js';
import { relatedTables } from './published-tables.js';
import { sortableTable } from './table.js';

/** A task: the models' scores, and pictures of their answers. */
export function taskPage(
  task: BoardTask,
  models: readonly BoardModel[],
  notes: readonly string[],
  figures: readonly Html[],
): Html {
  const summary = task.metricSummary ?? metricByName(task.metric).summary;
  const related = relatedTables(task.key);
  return html`<p>
      ${task.isHear ? 'A task of HEAR 2021. ' : ''}Category: ${task.category}. Metric: ${task.metric} (${summary});
      ${task.maximize ? 'higher' : 'lower'} is better.
    </p>
    ${notes.map((note) => html`<p class="notice">${note}</p>`)}
    ${sortableTable({
      id: 'scores',
      caption: `Scores on ${task.key}`,
      withOrigins: true,
      columns: [
        { title: 'Model', isNumber: false },
        { title: 'Score', isNumber: true, descending: task.maximize },
        { title: 'Normalised', isNumber: true, descending: true },
        { title: 'Parameters', isNumber: true },
        { title: 'Per clip', isNumber: true },
        { title: 'Source', isNumber: false },
      ],
      rows: models.map((model) => {
        const one = model.scores.get(task.key)!;
        return {
          origin: model.origin,
          search: `${model.name} ${model.source}`,
          cells: [
            {
              content: html`<a href="../models/${model.slug}.html">${model.name}</a>
                ${model.origin === 'published' ? html`<span class="badge">published</span>` : null}${model.notes.map((note) => html`<small>${note}</small>`)}`,
              value: model.name,
            },
            scoreCell(model, task),
            { content: one.normalized === null ? '' : scoreText(one.normalized), value: one.normalized },
            { content: model.parameters === null ? '' : countText(model.parameters), value: model.parameters },
            { content: one.secondsPerClip === null ? '' : secondsText(one.secondsPerClip), value: one.secondsPerClip },
            { content: model.source },
          ],
        };
      }),
    })}
    <h2>Pictures</h2>
    <div class="figures">${figures}</div>
    ${
      related.length > 0
        ? html`<h2>Published on this data</h2>
            <p>Protocols may differ from ours: check the sources before comparing.</p>
            ${related}`
        : null
    }`;
}
