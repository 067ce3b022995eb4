import { OptionError } from '@hearken/core';
import { Option, type Command } from 'commander';
import { type CompareOptions, compareResults, type Comparison } from '@hearken/results/node';
import { compareSeveral, type SeveralComparison } from '@hearken/results/internal/node';
import { compareJson, compareText, severalJson, severalText, sideName } from './compare-output.js';
import { errorText } from './error-text.js';
import { addExtensionOption, extensionsOfOption, type ExtensionOption } from './extension-use.js';
import { done, refused, someFailed } from './exit-status.js';
import { printable } from './table.js';
import { wholeNumber } from './parse-options.js';
import { chooseView } from './progress/bar-view.js';
import type { CommandContext } from './streams.js';

interface CompareCommandOptions extends ExtensionOption {
  readonly pairs: 'all' | 'first';
  readonly where?: readonly string[];
  readonly seed: number;
  readonly json?: boolean;
}

/** `hearken compare`: which differences between two models are real. */
export function addCompareCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description('compare two or more results, or models on the tasks they share, clip by clip or group by group')
    .argument('<results...>', "result files, models' folders of results, or one folder with all results to compare");
  addExtensionOption(command, 'custom metrics')
    .addOption(
      new Option('--seed <n>', 'the same seed gives the same intervals and p-values')
        .argParser(wholeNumber(0, 2 ** 40))
        .default(0),
    )
    .addOption(
      new Option('--pairs <which>', 'with more than two: every one with every other, or each with the first')
        .choices(['all', 'first'])
        .default('all'),
    )
    .option('--where <settings...>', 'only results with these settings: probe=linear options.melBands=16 seed=0')
    .option('--json', 'print one JSON document on standard output instead of the table')
    .action(async (paths: string[], options: CompareCommandOptions) => {
      const { debug } = program.opts<{ debug?: boolean }>();
      const { metrics } = await extensionsOfOption(options);
      const view = chooseView(context);
      const shared: CompareOptions = {
        metrics,
        seed: options.seed,
        abortSignal: context.abortSignal,
        onTask: (task, index, total) => {
          if (index === 0) view.begin('comparing', total);
          view.update(index, task, undefined);
        },
      };
      try {
        if (paths.length !== 2 || options.where !== undefined) {
          const several = await compareSeveral(paths, {
            ...shared,
            pairs: options.pairs,
            where: settings(options.where),
          });
          view.end();
          for (const { sides, task, error } of several.failures) {
            const names = sides.map(sideName).join(' and ');
            view.note(`${task}: ${names} not compared\n${errorText(error, debug).trimEnd()}`);
          }
          for (const { file, problem } of several.damaged)
            view.note(`${printable(file)} was skipped: ${printable(problem)}`);
          context.stdout.write(options.json === true ? severalJson(several) : severalText(several));
          context.setExitStatus(several.damaged.length > 0 ? someFailed : statusOfComparison(several));
          return;
        }
        const comparison = await compareResults([paths[0], paths[1]], shared);
        view.end();
        for (const { task, error } of comparison.failures) {
          view.note(`${task}: not compared\n${errorText(error, debug).trimEnd()}`);
        }
        context.stdout.write(options.json === true ? compareJson(comparison) : compareText(comparison));
        context.setExitStatus(statusOfComparison(comparison));
      } finally {
        view.end();
      }
    });
}

function statusOfComparison({
  comparisons,
  failures,
}: Pick<SeveralComparison, 'comparisons' | 'failures'> | Comparison) {
  return failures.length === 0 ? done : comparisons.length === 0 ? refused : someFailed;
}

/** Parses `probe=linear` into a setting and its value. */
function settings(where: readonly string[] | undefined): ReadonlyMap<string, string> {
  return new Map(
    (where ?? []).map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const;
      throw new OptionError({
        asked: `--where ${text}`,
        found: 'not a setting with a value',
        fix: 'write them as in probe=linear, with names as printed by compare',
      });
    }),
  );
}
