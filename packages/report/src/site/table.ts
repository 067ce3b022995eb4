import { html, type Html } from './html.js';

/** A sortable column of a table. */
export interface TableColumn {
  readonly title: string;
  /** Below the title, for example the metric. */
  readonly subtitle?: string;
  readonly link?: string;
  readonly isNumber: boolean;
  /** The group by which columns can be shown and hidden; columns without one are always shown. */
  readonly group?: string;
  /** Whether the first click sorts in descending order: if higher is better. */
  readonly descending?: boolean;
}

export interface TableCell {
  readonly content: Html | string;
  /** The value to sort by; default: the content's text. Null comes last. */
  readonly value?: number | string | null;
  /** Text of the † mark. */
  readonly mark?: string;
}

export interface TableRow {
  readonly cells: readonly TableCell[];
  readonly origin?: 'ours' | 'published';
  /** The text that the filter searches. */
  readonly search: string;
}

export interface SortableTable {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  readonly withOrigins?: boolean;
}

/** A table with filters; without scripts it is complete but cannot be sorted. */
export function sortableTable({ id, caption, columns, rows, withOrigins }: SortableTable): Html {
  const groups = [...new Set(columns.flatMap(({ group }) => (group === undefined ? [] : [group])))];
  const origins = html`<label
    >Rows
    <select data-filter="origin">
      <option value="">all</option>
      <option value="ours">our runs</option>
      <option value="published">published</option>
    </select></label
  >`;
  const columnChoice = html`<label
    >Tasks
    <select data-filter="group">
      <option value="">all</option>
      ${groups.map((group) => html`<option value="${group}">${group}</option>`)}
    </select></label
  >`;
  return html`<section class="table" data-table="${id}">
    <div class="filters" role="search" aria-label="Filter: ${caption}">
      <label>Find <input type="search" data-filter="text" placeholder="name, source, note" autocomplete="off" /></label>
      ${withOrigins === true ? origins : null} ${groups.length > 1 ? columnChoice : null}
      <output data-count>${rows.length} of ${rows.length} rows</output>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table id="${id}">
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            ${columns.map(headerCell)}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => bodyRow(row, columns))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function headerCell({ title, subtitle, link, isNumber, group, descending }: TableColumn): Html {
  const more = link === undefined ? null : html` <a class="about" href="${link}">about</a>`;
  return html`<th
    scope="col"
    ${isNumber ? html` class="number"` : null}${group === undefined ? null : html` data-group="${group}"`}
  >
    <button
      type="button"
      data-sort="${isNumber ? 'number' : 'text'}"
      data-first="${descending === true ? 'descending' : 'ascending'}"
    >
      ${title}</button
    >${subtitle === undefined ? null : html`<small>${subtitle}${more}</small>`}
  </th>`;
}

function bodyRow({ cells, origin, search }: TableRow, columns: readonly TableColumn[]): Html {
  const body = cells.map((cell, index) => {
    const { isNumber, group } = columns[index];
    const value = cell.value === undefined ? null : html` data-value="${cell.value ?? ''}"`;
    const mark =
      cell.mark === undefined
        ? null
        : html` <abbr class="mark" title="${cell.mark}">†<span class="hidden">${cell.mark}</span></abbr>`;
    const tag = index === 0 ? 'th' : 'td';
    const attributes = html`${index === 0 ? html` scope="row"` : null}${isNumber ? html` class="number"` : null}${group === undefined ? null : html` data-group="${group}"`}${value}`;
    return tag === 'th'
      ? html`<th${attributes}>${cell.content}${mark}</th>`
      : html`<td${attributes}>${cell.content}${mark}</td>`;
  });
  return html`<tr${origin === undefined ? null : html` class="${origin}" data-origin="${origin}"`} data-search="${search.toLowerCase()}">${body}</tr>
`;
}
