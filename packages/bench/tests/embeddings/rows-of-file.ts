import { statSync } from 'node:fs';
import { StoredRows } from '@hearken/artifacts/node';

/** Rows that stay in a file which has nothing else. */
export function rowsOfFile(path: string, size: number): StoredRows {
  const { dev, ino, size: bytes } = statSync(path);
  return new StoredRows([{ path, device: dev, inode: ino, start: 0, rows: bytes / 4 / size }], size);
}
