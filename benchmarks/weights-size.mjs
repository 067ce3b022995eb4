import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The process uses about 60 MB before it loads weights; the target includes this. */
const memoryTarget = 150;
/** One byte for every four, plus what is not quantised. */
const diskTarget = 30;

/**
 * Loads a model in a separate process and embeds a clip: the peak memory of the process as a share of the weights' bytes.
 *
 * @param {{ name: string, plugin: string, path: string, options: object, clip: number }} model
 */
export async function loadMemoryRow({ name, plugin, path, options, clip }) {
  const script = fileURLToPath(new URL('load-memory.mjs', import.meta.url));
  const call = [script, plugin, path, JSON.stringify(options), String(clip)];
  const { stdout } = await promisify(execFile)(process.execPath, call);
  const share = Number(stdout) / weightBytes(path, options);
  return {
    what: `${name}: peak memory of loading and one clip, of its weights`,
    value: 100 * share,
    unit: '%',
    target: memoryTarget,
  };
}

/** Bytes of the quantised weights as a share of the checkpoint. */
export function quantizedSizeRow({ name, path }) {
  const share = quantizedBytes(path) / statSync(path).size;
  return { what: `${name}: quantised weights, of the checkpoint`, value: 100 * share, unit: '%', target: diskTarget };
}

function weightBytes(path, { precision }) {
  return precision === 'int8' ? quantizedBytes(path) : statSync(path).size;
}

function quantizedBytes(path) {
  const folder = join(path, '..');
  const files = readdirSync(folder).filter((file) => file.endsWith('.cache'));
  return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
