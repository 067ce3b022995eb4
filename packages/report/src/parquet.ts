/**
 * Rows of scores as a Parquet file.
 *
 * @packageDocumentation
 */
export { parquetRows } from './data/parquet-rows.node.js';
