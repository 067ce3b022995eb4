import { modelPathName, pathPart } from '@hearken/results/internal';
import { namedModel } from '../models/index.js';
import type { NamedModel } from '@hearken/results';
import { join } from 'node:path';
import type { Command } from 'commander';
import { HearkenError } from '@hearken/core';
import { embedTaskFolder, type EmbeddedTaskFolder } from '../heareval/embed-task-folder.node.js';
import { cacheFolders, checkWritable } from '@hearken/core/node';
import { openEachTask } from '../run/open-tasks.node.js';
import { errorText } from './error-text.js';
import { done, refused, someFailed } from './exit-status.js';
import { addModelOption, addModelOptions, findModel, type ModelOptions } from './model-options.js';
import { chooseView } from './progress/bar-view.js';
import type { CommandContext } from './streams.js';

interface HearevalEmbedOptions extends ModelOptions {
  readonly model: string;
  readonly tasks: readonly string[];
  readonly out: string;
  readonly cache?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `hearken heareval embed`: embedding folders as heareval writes them. */
export function addHearevalEmbedCommand(heareval: Command, program: Command, context: CommandContext): void {
  const command = heareval
    .command('embed')
    .description(
      "embed tasks into folders with heareval's layout, for `hearken heareval predict` or for heareval itself",
    );
  addModelOption(command);
  addModelOptions(command)
    .requiredOption('--tasks <paths...>', 'HEAR task folders, .tar.gz archives, or folders that contain them')
    .option('--out <folder>', 'folder for the embeddings: <out>/<model>/<task>', 'embeddings')
    .option('--cache <folder>', 'where archives are unpacked (default: the user cache folder, or HEARKEN_CACHE)')
    .option('--force', 'replace existing embeddings')
    .option('--json', 'print one JSON document on standard output instead of the folders')
    .action((options: HearevalEmbedOptions) => embedFolders(options, program, context));
}

async function embedFolders(options: HearevalEmbedOptions, program: Command, context: CommandContext): Promise<void> {
  const { debug } = program.opts<{ debug?: boolean }>();
  await checkWritable(options.out);
  const { plugin, load } = await findModel(options.model, options);
  const embedder = await load();
  const view = chooseView(context);
  const entries: Record<string, unknown>[] = [];
  const failures: unknown[] = [];
  try {
    const model = join(
      options.out,
      modelFolder(await namedModel(plugin, embedder.provenance, options.checkpoint), options),
    );
    for (const item of await openEachTask(options.tasks, cacheFolders(options.cache).tasks)) {
      const task = 'task' in item ? item.task.id : item.path;
      try {
        if ('error' in item) throw item.error;
        view.begin(
          `${task}: embedding`,
          [...item.task.splits.values()].reduce((sum, clips) => sum + clips.length, 0),
        );
        const embedded = await embedTaskFolder(
          item.task,
          { plugin, embedder },
          {
            folder: join(model, pathPart(task)),
            force: options.force,
            abortSignal: context.abortSignal,
            onProgress: ({ done: clips, total }) => view.update(clips, `${clips} of ${total} clips`, undefined),
          },
        );
        entries.push(entry(task, embedded));
      } catch (error) {
        context.abortSignal?.throwIfAborted();
        failures.push(error);
        view.note(`${task}: failed\n${errorText(error, debug).trimEnd()}`);
        entries.push({ task, error: (error as Error).message });
      }
      view.end();
    }
  } finally {
    view.end();
    await embedder.dispose();
  }
  const folders = entries.flatMap(({ folder }) => (typeof folder === 'string' ? [`${folder}\n`] : []));
  context.stdout.write(options.json === true ? `${JSON.stringify(entries, undefined, 2)}\n` : folders.join(''));
  const allRefused = failures.length === entries.length && failures.every((error) => error instanceof HearkenError);
  context.setExitStatus(failures.length === 0 ? done : allRefused ? refused : someFailed);
}

function entry(task: string, { folder, clips, reused, rows }: EmbeddedTaskFolder): Record<string, unknown> {
  return { task, folder, clips, reused, rows: Object.fromEntries(rows) };
}

/** heareval adds options to the name of a model's folder, if any are given. */
function modelFolder(model: NamedModel, { options = {} }: HearevalEmbedOptions): string {
  const given = Object.entries(options).map(([name, value]) => `-${name}=${JSON.stringify(value)}`);
  return pathPart(`${modelPathName(model)}${given.join('')}`);
}
