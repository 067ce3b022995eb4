import { OptionError } from '@hearken/core';
import type { Command, Option } from 'commander';

const repeatable = new WeakSet<Option>();

/** Makes an option repeatable: its value is the list of all values. */
export function collected(option: Option): Option {
  repeatable.add(option);
  return option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

/**
 * Makes every single-valued option of a command and its subcommands refuse a second value: by default, commander
 * silently takes the last one. Options with several values, and those made by {@link collected}, collect them.
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
    asked: `${long ?? 'an option'} with one value`,
    found: `two: ${shown(first)} and ${shown(second)}`,
    fix: 'leave one out, or run the command once for each',
  });
}
