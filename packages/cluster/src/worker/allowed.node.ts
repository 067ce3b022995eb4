import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { OptionError, parseModelSpecifier } from '@hearken/core';
import { isInsideFolder } from '@hearken/core/node';
import { type JobScope, scopeOf } from '../jobs/job-data.js';

/** What a worker may open and load. */
export interface Allowed {
  /** Folders of tasks. */
  readonly tasks: readonly string[];
  /** Folders of checkpoints. */
  readonly models: readonly string[];
  /** Folder of the results. */
  readonly out: string;
  /** Names of plugins. */
  readonly plugins: readonly string[];
  /** SHA-256 of the modules with custom metrics and probes. */
  readonly extensions: readonly string[];
}

/**
 * Refuses a job that names what the worker was not started with: the queue gives orders, but only about the worker's own
 * folders and plugins.
 *
 * @throws OptionError that says which option of the worker would allow it
 */
export async function checkAllowed({ task, out, model, extensions }: JobScope, allowed: Allowed): Promise<void> {
  const { plugin } = parseModelSpecifier(model.model);
  if (!allowed.plugins.includes(plugin)) {
    throw refused(`plugin '${plugin}'`, `one of ${allowed.plugins.join(', ')}`, `--plugin ${plugin}`);
  }
  await checkPath('task', task, allowed.tasks, '--tasks');
  await checkPath('results', out, [allowed.out], '--out');
  if (model.checkpoint !== undefined) await checkPath('checkpoint', model.checkpoint, allowed.models, '--models');
  for (const path of pathsIn(model.options)) await checkPath('file', path, allowed.models, '--models');
  const missing = extensions.find((sha256) => !allowed.extensions.includes(sha256));
  if (missing !== undefined) {
    throw refused(`an extension with SHA-256 ${missing}`, 'the same modules as the campaign', '--extension');
  }
}

/** Jobs of so many models and tasks are remembered as checked. */
const mostChecked = 1000;

/** {@link checkAllowed}, once for all jobs of a model on a task. */
export function checkAllowedOnce(allowed: Allowed): (scope: JobScope) => Promise<void> {
  const checked = new Map<string, Promise<void>>();
  return (scope) => {
    const key = JSON.stringify(scopeOf(scope));
    const known = checked.get(key);
    if (known !== undefined) return known;
    // What was refused may be allowed when a link was changed, but nothing else.
    if (checked.size >= mostChecked) checked.clear();
    const checking = checkAllowed(scope, allowed);
    checked.set(key, checking);
    checking.catch(() => checked.delete(key));
    return checking;
  };
}

async function checkPath(what: string, path: string, folders: readonly string[], option: string): Promise<void> {
  const place = await realOrItself(path);
  for (const folder of folders) {
    if (isAbsolute(path) && isInsideFolder(await realOrItself(folder), place)) return;
  }
  throw refused(`${what} '${path}'`, `something below ${folders.map((one) => `'${one}'`).join(' or ')}`, option);
}

/** A link may lead out of a folder. What does not exist is told by whoever opens it. */
async function realOrItself(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

/** Texts in a model's options that look like paths. */
function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return /[/\\]|^\.\.?$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(pathsIn);
}

function refused(asked: string, served: string, option: string): OptionError {
  return new OptionError({
    asked: `a job with ${asked}`,
    found: `a worker that only takes ${served}`,
    fix: `start the workers with it (${option}), or submit the campaign without`,
  });
}
