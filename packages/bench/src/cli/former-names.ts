import { OptionError } from '@hearken/core';

/** Names that commands had, and what they are called now; each takes the arguments that it took. */
const formerNames = [
  { former: ['embed-tasks'], current: 'hearken heareval embed' },
  { former: ['predict'], current: 'hearken heareval predict' },
] as const;

/**
 * Refuses a command by a name that it no longer has.
 *
 * @param args what stands after `hearken`
 * @throws OptionError that says the current name
 */
export function refuseFormerNames(args: readonly string[]): void {
  const words = args[0] === 'help' ? args.slice(1) : args;
  const renamed = formerNames.find(({ former }) => former.every((word, index) => words[index] === word));
  if (renamed === undefined) return;
  const { former, current } = renamed;
  throw new OptionError({
    asked: `command 'hearken ${former.join(' ')}'`,
    found: `it was renamed to '${current}'`,
    fix: `run '${current}' with the same arguments`,
  });
}
