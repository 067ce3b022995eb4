import { parquetWriteBuffer } from 'hyparquet-writer';
import { scoreColumns, type ScoreRow } from '@hearken/results/internal';

const types = { text: 'STRING', number: 'DOUBLE', 'yes-or-no': 'BOOLEAN' } as const;

/**
 * All columns with exact numbers, as an Apache Parquet file. Whole numbers are doubles, too, because any may be
 * missing.
 */
export function parquetRows(rows: readonly ScoreRow[]): Uint8Array {
  const columnData = scoreColumns.map(({ name, kind }) => ({
    name,
    type: types[kind],
    data: rows.map((row) => row[name]),
    nullable: true,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
