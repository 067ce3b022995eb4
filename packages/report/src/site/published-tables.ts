import { operaModels, operaReciprocalRanks } from '../board/opera.js';
import { publishedTables, type PublishedTable } from '../generated/published.js';
import { html, type Html } from './html.js';
import { sortableTable } from './table.js';

type TableName = keyof typeof publishedTables;

/** What each table is, and what readers must know about it. */
const descriptions: Readonly<Record<TableName, readonly [title: string, note: string]>> = {
  'opera-tasks': [
    'OPERA: respiratory audio',
    'T1 to T12: AUROC, higher is better; T13 to T19: mean absolute error, lower is better.',
  ],
  'icbhi-2017-official-split': [
    'ICBHI 2017, official split',
    "Specificity, sensitivity and their mean. Patch-Mix CL's 62.37, and probably others', was selected on the test split; hearken selects on validation.",
  ],
  'efficientat-widths': [
    'EfficientAT by width',
    'Parameters, multiply-adds for 10 s, AudioSet mAP. The HEAR means were read from a plot to 0.1, except for mn10.',
  ],
  'efficientat-feature-sets': ['EfficientAT by features', 'Mean normalised HEAR scores x 100 by category.'],
  'hubert-ecg-auroc': [
    'HuBERT-ECG, macro AUROC x 100',
    "Fine-tuned, from the preprint's figure; its spreadsheet is 0.40 higher in many cells and repeats a row.",
  ],
  'hubert-ecg-independent': [
    'HuBERT-ECG, evaluated by others',
    'Macro AUROC with 95% intervals; a few points lie outside their intervals.',
  ],
  'ecg-foundation-models': [
    'ECG foundation models',
    "Macro AUROC with 95% intervals; HuBERT-ECG's MIMIC rows are left out because they are a copying error.",
  ],
};

/** Published tables about a task's data, by the first part of its name. */
const related: readonly (readonly [RegExp, readonly TableName[]])[] = [
  [/^icbhi/, ['icbhi-2017-official-split', 'opera-tasks']],
  [/^(cough|coswara|kauh|covid)/, ['opera-tasks']],
  [/^(ptbxl|hubert_ecg)/, ['hubert-ecg-auroc', 'hubert-ecg-independent', 'ecg-foundation-models']],
];

/** The tables to show with a task's scores. */
export function relatedTables(taskKey: string): Html[] {
  const names = related.find(([beginning]) => beginning.test(taskKey))?.[1] ?? [];
  return names.map((name) => publishedTable(name));
}

/** All published tables. */
export function allPublishedTables(): Html[] {
  const order = Object.keys(descriptions) as TableName[];
  return order.map((name) =>
    name === 'opera-tasks' ? html`${publishedTable(name)}${operaRanks()}` : publishedTable(name),
  );
}

function publishedTable(name: TableName): Html {
  const [title, note] = descriptions[name];
  const { source, columns, rows }: PublishedTable = publishedTables[name];
  const isNumber = columns.map((_, index) =>
    rows.every(
      (row) => row[index] === '' || (!Number.isNaN(Number.parseFloat(row[index])) && /^[-\d.±]+$/.test(row[index])),
    ),
  );
  return html`<h2>${title} <span class="badge">published</span></h2>
    <p>${note} Source: ${source}.</p>
    ${sortableTable({
      id: name,
      caption: title,
      columns: columns.map((column, index) => ({ title: column.replaceAll('_', ' '), isNumber: isNumber[index] })),
      rows: rows.map((row) => ({
        search: row.join(' '),
        cells: row.map((cell, index) => ({
          content: cell,
          ...(isNumber[index] ? { value: cell === '' ? null : Number.parseFloat(cell) } : {}),
        })),
      })),
    })}`;
}

function operaRanks(): Html {
  const ranks = operaReciprocalRanks();
  return sortableTable({
    id: 'opera-reciprocal-ranks',
    caption: 'OPERA: mean reciprocal ranks over T1 to T12, computed from the table above',
    columns: [
      { title: 'model', isNumber: false },
      { title: 'mean reciprocal rank', isNumber: true, descending: true },
    ],
    rows: operaModels.map((model, index) => ({
      search: model,
      cells: [{ content: model }, { content: ranks[index].toFixed(3), value: ranks[index] }],
    })),
  });
}
