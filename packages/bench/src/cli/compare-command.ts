import { Option, type Command } from 'commander';
import { compareResults } from '../compare/compare-results.node.js';
import { compareJson, compareText } from './compare-output.js';
import { errorText } from './error-text.js';
import { addExtensionOption, extensionsOfOption, type ExtensionOption } from './extension-option.js';
import { done, refused, someFailed } from './exit-status.js';
import { wholeNumber } from './parse-options.js';
import { chooseView } from './progress/choose-view.js';
import type { CommandContext } from './streams.js';

interface CompareCommandOptions extends ExtensionOption {
  readonly seed: number;
  readonly json?: boolean;
}

/** `hearken compare`: which differences between two models are real. */
export function addCompareCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description('compare two results, or two models on every task that both have, clip by clip')
    .argument('<a>', "a result file, or a model's folder of results")
    .argument('<b>', 'the same of the other model');
  addExtensionOption(command, "metrics that are none of Hearken's own")
    .addOption(
      new Option('--seed <n>', 'the same seed gives the same intervals and p-values')
        .argParser(wholeNumber(0, 2 ** 40))
        .default(0),
    )
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (a: string, b: string, options: CompareCommandOptions) => {
      const { debug } = program.opts<{ debug?: boolean }>();
      const { metrics } = await extensionsOfOption(options);
      const view = chooseView(context);
      try {
        const comparison = await compareResults([a, b], {
          metrics,
          seed: options.seed,
          abortSignal: context.abortSignal,
          onTask: (task, index, total) => {
            if (index === 0) view.begin('comparing', total);
            view.update(index, task, undefined);
          },
        });
        view.end();
        for (const { task, error } of comparison.failures) {
          view.note(`${task}: not compared\n${errorText(error, debug).trimEnd()}`);
        }
        context.stdout.write(options.json === true ? compareJson(comparison) : compareText(comparison));
        const { comparisons, failures } = comparison;
        context.setExitStatus(failures.length === 0 ? done : comparisons.length === 0 ? refused : someFailed);
      } finally {
        view.end();
      }
    });
}
