/**
 * The simple commands of a shell script as words: enough of the shell's quoting to find the calls of `hearken` in a
 * guide. Lines that end in a backslash are joined; comments, redirections and assignments are left out; `|`, `&&`,
 * `||`, `;` and line ends divide commands.
 */
export function shellCommands(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  const end = () => {
    if (words.length > 0) commands.push(words);
    words = [];
  };
  const token =
    /\\\n|[ \t]+|#[^\n]*|\d?>>?&?\d?[ \t]*|<[ \t]*|(\|\||&&|[|;&\n()])|((?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\|&;<>()])+)/gsy;
  for (let match = token.exec(script); match !== null; match = token.exec(script)) {
    const [text, divider, word] = match;
    if (divider !== undefined) end();
    else if (word !== undefined) words.push(unquoted(word));
    // Redirection targets are not words of the command.
    if (/^\d?[<>]/.test(text) && !text.includes('&')) skipWord(script, token);
  }
  end();
  return commands;
}

function skipWord(script: string, token: RegExp): void {
  const rest = /(?:"[^"]*"|'[^']*'|[^\s"'|&;<>()])*/y;
  rest.lastIndex = token.lastIndex;
  rest.exec(script);
  token.lastIndex = rest.lastIndex;
}

function unquoted(word: string): string {
  return word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs, (_, double?: string, single?: string, bare?: string) => {
    if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1');
    return single ?? bare ?? '';
  });
}

/** The arguments of every call of `hearken` in a script, with or without `npx` in front. */
export function hearkenCalls(script: string): string[][] {
  return shellCommands(script).flatMap((words) => {
    const place = words.findIndex((word) => word === 'hearken');
    const before = words.slice(0, Math.max(place, 0));
    const isCall = place >= 0 && before.every((word) => callers.has(word) || /^\w+=/.test(word));
    // The value of a variable is unknown; a number is accepted everywhere.
    return isCall ? [words.slice(place + 1).map((word) => (/^\$\{?\w+\}?$/.test(word) ? '1' : word))] : [];
  });
}

/** Words that may precede a command that they run. */
const callers = new Set(['npx', 'time', 'exec', 'srun', 'if', 'then', 'do', 'while', '!']);
