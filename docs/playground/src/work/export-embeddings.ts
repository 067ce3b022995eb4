import { csvText } from './csv-text.js';
import type { ExportAsk } from './jobs.js';

/** Writes embeddings of clips `[count, size]` as a file. */
export async function exportEmbeddings(ask: ExportAsk): Promise<Blob> {
  const { embeddings, size, names } = ask;
  if (ask.format === 'csv') return new Blob([csvOf(ask)], { type: 'text/csv' });
  if (ask.format === 'json') return new Blob([jsonOf(ask)], { type: 'application/json' });
  const { writeNpy } = await import('@hearken/bench/web');
  return new Blob([writeNpy(embeddings, [names.length, size]) as Uint8Array<ArrayBuffer>]);
}

function csvOf({ embeddings, size, names, labels }: ExportAsk): string {
  const header = ['name', 'label', ...Array.from({ length: size }, (_, index) => `e${index}`)];
  const rows = names.map((name, row) => [
    csvText(name),
    csvText(labels[row]),
    ...embeddings.subarray(row * size, (row + 1) * size),
  ]);
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function jsonOf({ embeddings, size, names, labels, provenance }: ExportAsk): string {
  const clips = names.map((name, row) => ({
    name,
    label: labels[row] === '' ? null : labels[row],
    embedding: [...embeddings.subarray(row * size, (row + 1) * size)],
  }));
  return JSON.stringify({ provenance, size, clips }, null, 1);
}
