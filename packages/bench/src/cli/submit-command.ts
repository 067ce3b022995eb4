import { Option, type Command } from 'commander';
import { protocolByName, protocols } from '@hearken/results';
import { prepareSubmission } from '@hearken/results/node';
import { addExtensionOption, extensionsOfOption, type ExtensionOption } from './extension-use.js';
import { done, someFailed } from './exit-status.js';
import { printable } from './table.js';
import type { CommandContext } from './streams.js';

interface SubmitOptions extends ExtensionOption {
  readonly protocol: string;
  readonly out: string;
  readonly partial?: boolean;
  readonly json?: boolean;
}

/** `hearken submit`: checks results and writes the files of a pull request. */
export function addSubmitCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('submit')
    .description("check a model's results on a protocol, and copy them into a results repository")
    .argument('<results...>', 'result files, or folders of them');
  addExtensionOption(command, 'custom metrics')
    .addOption(
      new Option('--protocol <name>', 'the protocol that was run')
        .choices(protocols.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'a checkout of the results repository, or a new folder')
    .option('--partial', 'submit although tasks of the protocol are missing')
    .option('--json', 'print one JSON document on standard output instead of lines')
    .action(async (results: string[], options: SubmitOptions) => {
      const { protocol: name, out, partial, json } = options;
      const extensions = await extensionsOfOption(options);
      const protocol = protocolByName(name);
      const submission = await prepareSubmission({ results, protocol, out, partial, extensions });
      const { refusals, leftOut, folder, files } = submission;
      if (json === true) context.stdout.write(`${JSON.stringify(submission, undefined, 2)}\n`);
      else {
        const lines = [
          ...leftOut.map((line) => `left out  ${line}`),
          ...refusals.map((line) => `refused   ${line}`),
          ...files.map((path) => `written   ${path}`),
          folder === undefined
            ? 'Nothing was written.'
            : `Commit '${folder}' on a branch of the results repository, and open a pull request with SUBMISSION.md as its text.`,
        ];
        context.stdout.write(lines.map((line) => `${printable(line)}\n`).join(''));
      }
      context.setExitStatus(refusals.length === 0 ? done : someFailed);
    });
}
