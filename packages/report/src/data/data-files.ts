import { csvText, type NumberTable } from '@hearken/results/internal';

/** A table as JSON, CSV and Parquet: file extensions and contents. */
export async function dataFiles(table: NumberTable): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const { columns, rows } = table;
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const records = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  const columnData = columns.map((name, index) => {
    const data = rows.map((row) => row[index]);
    return {
      name,
      data,
      type: data.some((value) => typeof value === 'string') ? ('STRING' as const) : ('DOUBLE' as const),
    };
  });
  return new Map<string, string | Uint8Array>([
    ['json', `${JSON.stringify(records, undefined, 1)}\n`],
    ['csv', csvText(table)],
    ['parquet', new Uint8Array(parquetWriteBuffer({ columnData }))],
  ]);
}
