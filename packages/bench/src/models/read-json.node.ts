import { open } from 'node:fs/promises';

/** Far over what these files hold. */
const maximumBytes = 2 ** 20;

/** The object in a small JSON file; undefined where there is no such file, or it holds something else. */
export async function readSmallJson(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const file = await open(path);
    try {
      if ((await file.stat()).size > maximumBytes) return undefined;
      const value: unknown = JSON.parse(await file.readFile('utf8'));
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
      return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
