import { readPlainText } from '@hearken/core/node';
import { isRecord, parseBoundedJson } from '@hearken/core/internal';

/** Far over what these files hold. */
const maximumBytes = 2 ** 20;

/** The object in a small JSON file; undefined where there is no such file, or it holds something else. */
export async function readSmallJson(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value = parseBoundedJson(await readPlainText(path, { maximumBytes }));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
