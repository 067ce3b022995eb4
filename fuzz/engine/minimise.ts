import type { Files } from '../mutate/files.js';
import { placeOf } from './findings.js';
import { runInput } from './run-input.js';
import type { Target } from './target.js';

const mostTries = 150;

/** Makes an input of one file smaller by removing smaller and smaller parts, as long as the error stays the same. */
export async function minimise(target: Target, files: Files, error: string): Promise<Files> {
  const [name, ...others] = Object.keys(files);
  if (others.length > 0) return files;
  const place = placeOf(error);
  let bytes = files[name];
  let tries = 0;
  for (let part = Math.ceil(bytes.length / 2); part >= 1 && tries < mostTries; part = Math.floor(part / 2)) {
    for (let start = 0; start < bytes.length && tries < mostTries; tries += 1) {
      const shorter = Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + part)]);
      const outcome = await runInput(target, { [name]: shorter });
      if (outcome.kind === 'wrong' && placeOf(outcome.error) === place) bytes = new Uint8Array(shorter);
      else start += part;
    }
  }
  return { [name]: bytes };
}
