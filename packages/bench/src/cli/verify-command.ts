import type { Command } from 'commander';
import { findResultFiles } from '../run/find-result-files.node.js';
import { verifyResult, type VerifiedResult } from '../submit/verify-result.node.js';
import { addExtensionOption, extensionsOfOption, type ExtensionOption } from './extension-option.js';
import { done, someFailed } from './exit-status.js';
import type { CommandContext } from './streams.js';

interface VerifyOptions extends ExtensionOption {
  readonly json?: boolean;
}

/** `hearken verify`: whether results say what their stored predictions give. */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .description('score the stored predictions of results again, and compare every number')
    .argument('<results...>', 'result files, or folders of such');
  addExtensionOption(command, "metrics that are none of Hearken's own")
    .option('--json', 'print one JSON document on standard output instead of lines')
    .action(async (paths: string[], options: VerifyOptions) => {
      const { json = false } = options;
      const extensions = await extensionsOfOption(options);
      const verified: VerifiedResult[] = [];
      for (const path of await findResultFiles(paths)) {
        context.abortSignal?.throwIfAborted();
        const one = await verifyResult(path, extensions);
        verified.push(one);
        if (!json) context.stdout.write(verifiedText(one));
      }
      const failed = verified.filter(({ problems }) => problems.length > 0).length;
      const results = verified.length === 1 ? 'result' : 'results';
      const summary = `${verified.length - failed} of ${verified.length} ${results} verified\n`;
      context.stdout.write(json ? verifiedJson(verified) : summary);
      context.setExitStatus(failed === 0 ? done : someFailed);
    });
}

function verifiedText({ path, problems, notes, compared }: VerifiedResult): string {
  const head = problems.length === 0 ? `ok      ${path} (${compared} numbers)` : `FAILED  ${path}`;
  const lines = [...problems.map(({ message }) => message), ...notes.map((note) => `note: ${note}`)];
  return [head, ...lines.map((line) => `        ${line}`)].map((line) => `${line}\n`).join('');
}

function verifiedJson(verified: readonly VerifiedResult[]): string {
  const entries = verified.map(({ path, result, problems, notes, compared }) => ({
    file: path,
    ok: problems.length === 0,
    ...(result === undefined ? {} : { task: result.task.id, model: `${result.model.plugin}:${result.model.model}` }),
    compared,
    problems,
    notes,
  }));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}
