import type { Journal, JournalRecord } from '../../src/evaluation/evaluation.js';

/** A journal that keeps records as a file would: values as JSON, arrays copied. */
export class MemoryJournal implements Journal {
  readonly records = new Map<string, { readonly values: string; readonly arrays: JournalRecord['arrays'] }>();

  read(key: string): Promise<JournalRecord | undefined> {
    const record = this.records.get(key);
    if (record === undefined) return Promise.resolve(undefined);
    const values = JSON.parse(record.values) as JournalRecord['values'];
    return Promise.resolve({ values, arrays: record.arrays });
  }

  write(key: string, { values, arrays }: JournalRecord): Promise<void> {
    const copies = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice()]));
    this.records.set(key, { values: JSON.stringify(values), arrays: copies });
    return Promise.resolve();
  }
}
