import { CheckpointError, OptionError, PluginError, type Provenance, TaskError } from '@hearken/core';
import { taskManifest } from '@hearken/artifacts/node';
import type { cacheFolders } from '@hearken/core/node';
import type { Result } from '@hearken/results';
import { extensionIdentities, extensionText, usedExtensions } from '@hearken/results/internal';
import { hashIdentity } from '@hearken/results/internal/node';
import type { Task } from '@hearken/tasks';
import { chooseSampleRate } from '@hearken/tasks/node';
import { readClipTable } from '@hearken/tasks/internal/node';
import type { Extensions } from '../extensions/extensions.js';
import { openEachTask } from './open-tasks.node.js';

/**
 * Finds the task of a result.
 *
 * @param cache where archives are unpacked, and where what is found of the clips is kept for the run
 * @throws TaskError if it is not there, or has other content than the result names
 */
export async function findNamedTask(
  { task: named, model, evaluation }: Result,
  paths: readonly string[],
  cache: ReturnType<typeof cacheFolders>,
  abortSignal?: AbortSignal,
): Promise<Task> {
  const allowMissing = evaluation.skipUnreadable ?? false;
  const opened = await openEachTask(paths, cache.tasks, { allowMissing });
  const tasks = opened.flatMap((item) => ('task' in item ? [item.task] : []));
  const candidates = tasks.filter(({ id }) => id === named.id);
  const asked = `task '${named.id}' with content ${named.contentHash}`;
  if (candidates.length === 0) {
    const problems = opened.flatMap((item) => ('task' in item ? [] : [`'${item.path}': ${item.error.message}`]));
    const others = tasks.length === 0 ? 'no task' : `only ${tasks.map(({ id }) => id).join(', ')}`;
    throw new TaskError({
      asked,
      found: [others, ...problems].join('; '),
      fix: 'pass its folder or archive with --tasks',
    });
  }
  const found: string[] = [];
  for (const task of candidates) {
    abortSignal?.throwIfAborted();
    const rate = chooseSampleRate(task, model.sampleRate);
    if (rate !== named.sampleRate) {
      found.push(`'${task.folder}' with clips at ${rate} Hz instead of ${named.sampleRate} Hz`);
      continue;
    }
    const { contentHash: hash } = await taskManifest(task, [rate], {
      folder: cache.manifests,
      allowMissing,
      abortSignal,
    });
    if (hash === named.contentHash) {
      await checkClipTable(task, evaluation.clipsSha256);
      return task;
    }
    found.push(`'${task.folder}' with content ${hash}`);
  }
  throw new TaskError({
    asked,
    found: found.join('; '),
    fix: 'get the edition of the task that the result was computed on: other labels or clips give other numbers',
  });
}

async function checkClipTable(task: Task, named: string | undefined): Promise<void> {
  if (named === undefined) return;
  const found = (await readClipTable(task))?.sha256;
  if (found === named) return;
  throw new TaskError({
    asked: `clips.csv of task '${task.id}' with SHA-256 ${named}`,
    found: found === undefined ? 'none' : `SHA-256 ${found}`,
    fix: 'get the table that the result was computed with: it decides which clips train and which test',
  });
}

/** @throws OptionError if the custom metrics and the probe are not those of the result */
export function checkExtensionsOf({ extensions: named = [], evaluation }: Result, task: Task, given: Extensions): void {
  const { records } = usedExtensions(given, task.metadata.evaluation, evaluation.probe);
  if (hashIdentity(extensionIdentities(records)) === hashIdentity(extensionIdentities(named))) return;
  throw new OptionError({
    asked: named.length === 0 ? 'no custom metric or probe' : named.map(extensionText).join(', '),
    found: records.length === 0 ? 'none' : records.map(extensionText).join(', '),
    fix:
      named.length === 0
        ? 'leave out --extension: the result was computed without'
        : 'pass the same modules with --extension; a changed file has another SHA-256',
  });
}

/** @throws HearkenError if a model is not the one that a result names, or has other options */
export function checkModel({ model: named }: Result, found: Provenance): void {
  const [wanted, is] = [named, found].map(({ plugin, model }) => `${plugin}:${model}`);
  if (wanted !== is) {
    throw new PluginError({ asked: `model ${wanted}`, found: is, fix: 'pass where it is with --model' });
  }
  if (named.checkpointSha256 !== found.checkpointSha256) {
    throw new CheckpointError({
      asked: `${wanted} with ${checkpointText(named.checkpointSha256)}`,
      found: checkpointText(found.checkpointSha256),
      fix:
        named.checkpointSha256 === null
          ? 'leave out --checkpoint'
          : `pass the file with that SHA-256${named.checkpoint === undefined ? '' : ` (${named.checkpoint.file})`} with --checkpoint`,
    });
  }
  // Versions may add options or remove some; what both have must be the same.
  const changed = Object.entries(named.options).filter(
    ([name, value]) => Object.hasOwn(found.options, name) && !isSame(value, found.options[name]),
  );
  if (changed.length === 0) return;
  throw new OptionError({
    asked: `${wanted} with ${changed.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')}`,
    found: changed.map(([name]) => `${name} ${JSON.stringify(found.options[name])}`).join(', '),
    fix: `pass the options that give these values, such as --options '${JSON.stringify(Object.fromEntries(changed))}'`,
  });
}

/** Whether two options are the same in JSON. */
export function isSame(one: unknown, other: unknown): boolean {
  return hashIdentity({ value: one }) === hashIdentity({ value: other });
}

function checkpointText(sha256: string | null): string {
  return sha256 === null ? 'no checkpoint' : `a checkpoint of SHA-256 ${sha256}`;
}
