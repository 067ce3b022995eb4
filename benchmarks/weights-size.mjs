import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The process's own memory before it has weights is some 60 MB; the target leaves that in. */
const memoryTarget = 150;
/** A byte for every four, and what is not quantised. */
const diskTarget = 30;

/**
 * Loads a model in a process of its own and embeds a clip: the most memory that the process ever had, as share of the
 * weights' bytes.
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

/** Bytes of the quantised weights, as share of the checkpoint that they were made from. */
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
