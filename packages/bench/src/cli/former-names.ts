import { OptionError } from '@hearken/core';

/** Names that commands had, and what they are called now; `call` where that takes more to do the same. */
const formerNames: readonly { readonly former: readonly string[]; readonly current: string; readonly call?: string }[] =
  [
    { former: ['tasks', 'known'], current: 'hearken tasks list', call: 'hearken tasks list --known' },
    { former: ['embed-tasks'], current: 'hearken heareval embed' },
    { former: ['predict'], current: 'hearken heareval predict' },
  ];

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
  const { former, current, call = current } = renamed;
  throw new OptionError({
    asked: `command 'hearken ${former.join(' ')}'`,
    found: `it was renamed to '${current}'`,
    fix: `run '${call}' with the same arguments`,
  });
}
