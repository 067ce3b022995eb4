import { readPlainText } from '@hearken/core/node';
import { isRecord, parseBoundedJson } from '@hearken/core/internal';

/** Far above the size of these files. */
const maximumBytes = 2 ** 20;

/** The object in a small JSON file; undefined if there is no such file, or if it has something else. */
export async function readSmallJson(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value = parseBoundedJson(await readPlainText(path, { maximumBytes }));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
