import { parse } from 'csv-parse/sync';
import { parseEcgCsvWith } from './ecg-csv.js';
import type { EcgRecord } from './ecg-record.js';

/**
 * Parses an ECG as text on Node.js: `parseEcgCsvWith`.
 *
 * @param text the file's content
 * @param path the file's name in errors
 * @param sampleRate in Hz; needed if there is no time column
 * @param leads to read; other columns may contain anything. Default: all
 * @throws AudioError naming the row and the lead
 */
export function parseEcgCsv(text: string, path: string, sampleRate?: number, leads?: readonly string[]): EcgRecord {
  return parseEcgCsvWith(parse, text, path, { sampleRate, leads });
}
