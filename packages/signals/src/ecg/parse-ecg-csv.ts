import { parse } from 'csv-parse/sync';
import { parseEcgCsvWith } from './ecg-csv.js';
import type { EcgRecord } from './ecg-record.js';

/**
 * Parses an ECG as text on Node.js: `parseEcgCsvWith`.
 *
 * @param text the file's content
 * @param path what errors call the file
 * @param sampleRate Hz; needed where there is no time column
 * @param leads to read; the columns of others may hold anything. Default: all
 * @throws AudioError naming the row and the lead
 */
export function parseEcgCsv(text: string, path: string, sampleRate?: number, leads?: readonly string[]): EcgRecord {
  return parseEcgCsvWith(parse, text, path, { sampleRate, leads });
}
