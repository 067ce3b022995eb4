import type { Command } from 'commander';
import { findResultFiles, type VerifiedResult, verifyResult } from '@hearken/results/node';
import { neverChecked } from '@hearken/results/internal/node';
import { openTasks } from '@hearken/tasks/node';
import type { Task } from '@hearken/tasks';
import { addExtensionOption, extensionsOfOption, type ExtensionOption } from './extension-use.js';
import { done, someFailed } from './exit-status.js';
import { printable } from './table.js';
import type { CommandContext } from './streams.js';

interface VerifyOptions extends ExtensionOption {
  readonly json?: boolean;
  readonly tasks?: string[];
}

/** `hearken verify`: whether results agree with their stored predictions. */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description('score the stored predictions of results again, and compare every number')
    .argument('<results...>', 'result files, or folders of them');
  addExtensionOption(command, 'custom metrics')
    .option('--tasks <paths...>', 'the tasks, as folders or archives, to check test clips and labels against')
    .option('--json', 'print one JSON document on standard output instead of lines')
    .action(async (paths: string[], options: VerifyOptions) => {
      const { json = false } = options;
      const extensions = await extensionsOfOption(options);
      const tasks = new Map<string, Task>();
      for (const path of options.tasks ?? []) {
        // Clips that a result left out may be missing; other missing clips change the content hash.
        for (const task of await openTasks(path, { allowMissing: true })) tasks.set(task.id, task);
      }
      const verified: VerifiedResult[] = [];
      for (const path of await findResultFiles(paths)) {
        context.abortSignal?.throwIfAborted();
        const one = await verifyResult(path, { ...extensions, tasks });
        verified.push(one);
        if (!json) context.stdout.write(printable(verifiedText(one)));
      }
      const failed = verified.filter(({ problems }) => problems.length > 0).length;
      const results = verified.length === 1 ? 'result' : 'results';
      const summary = `${verified.length - failed} of ${verified.length} ${results} verified\n`;
      context.stdout.write(json ? verifiedJson(verified) : neverText() + summary);
      context.setExitStatus(failed === 0 ? done : someFailed);
    });
}

function verifiedText({ path, problems, unchecked, compared }: VerifiedResult): string {
  const head = problems.length === 0 ? `ok      ${path} (${compared} numbers)` : `FAILED  ${path}`;
  const lines = problems.map(({ message }) => message);
  const rest = unchecked.length === 0 ? [] : ['cannot be checked:', ...unchecked.map((line) => `- ${line}`)];
  return [head, ...[...lines, ...rest].map((line) => `        ${line}`)].map((line) => `${line}\n`).join('');
}

function neverText(): string {
  return ['cannot be checked for any result:', ...neverChecked.map((line) => `- ${line}`)]
    .map((line) => `${line}\n`)
    .join('');
}

function verifiedJson(verified: readonly VerifiedResult[]): string {
  const entries = verified.map(({ path, result, problems, unchecked, compared }) => ({
    file: path,
    ok: problems.length === 0,
    ...(result === undefined ? {} : { task: result.task.id, model: modelText(result.model) }),
    compared,
    problems,
    cannotBeChecked: [...unchecked, ...neverChecked],
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

/** For a result that does not name its model: what it says instead. */
function modelText(model: unknown): string {
  const { plugin, model: name } = model as Partial<Record<'plugin' | 'model', unknown>>;
  return [plugin, name].map((part) => (typeof part === 'string' ? part : '?')).join(':');
}
