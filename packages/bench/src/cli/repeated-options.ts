import { OptionError } from '@hearken/core';
import type { Command, Option } from 'commander';

const repeatable = new WeakSet<Option>();

/** Makes an option that may be given several times: its value is the list of all that were given. */
export function collected(option: Option): Option {
  repeatable.add(option);
  return option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

/**
 * Makes every option of a command and its subcommands that has one value refuse a second one: by itself, commander takes
 * the last without a word. Options of several values, and those that {@link collected} made, gather them.
 */
export function refuseRepeats(command: Command): void {
  for (const option of command.options) {
    const hasValue = option.required || option.optional;
    if (!hasValue || option.variadic || repeatable.has(option)) continue;
    let first: unknown;
    let given = false;
    command.on(`option:${option.name()}`, (value: unknown) => {
      if (given) throw givenTwice(option, first, value);
      given = true;
      first = value;
    });
  }
  for (const subcommand of command.commands) refuseRepeats(subcommand);
}

function givenTwice({ long }: Option, first: unknown, second: unknown): OptionError {
  const shown = (value: unknown) => `'${String(value).slice(0, 80)}'`;
  return new OptionError({
    asked: `${long ?? 'an option'} of one value`,
    found: `two: ${shown(first)} and ${shown(second)}`,
    fix: 'leave one of them out, or run the command once for each',
  });
}
