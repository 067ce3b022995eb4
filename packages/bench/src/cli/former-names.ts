import { OptionError } from '@hearken/core';

/** Former names of commands with their current ones; `call` if the same result takes more arguments. */
const formerNames: readonly { readonly former: readonly string[]; readonly current: string; readonly call?: string }[] =
  [
    { former: ['tasks', 'known'], current: 'hearken tasks list', call: 'hearken tasks list --known' },
    { former: ['embed-tasks'], current: 'hearken heareval embed' },
    { former: ['predict'], current: 'hearken heareval predict' },
  ];

/**
 * Refuses former names of commands.
 *
 * @param args the arguments after `hearken`
 * @throws OptionError with the current name
 */
export function refuseFormerNames(args: readonly string[]): void {
  const words = args[0] === 'help' ? args.slice(1) : args;
  const renamed = formerNames.find(({ former }) => former.every((word, index) => words[index] === word));
  if (renamed === undefined) return;
  const { former, current, call = current } = renamed;
  throw new OptionError({
    asked: `command 'hearken ${former.join(' ')}'`,
    found: `it is now called '${current}'`,
    fix: `run '${call}' with the same arguments`,
  });
}
