// The command reference as Markdown, generated from the commander program, so that it is always complete and up to date.
import { commandExamples } from './docs-command-examples.mjs';

const command = 'node scripts/generate-command-reference.mjs';

/**
 * @param {import('commander').Command} program the `hearken` command with its subcommands
 * @returns the page, not formatted
 */
export function commandReference(program) {
  const commands = leaves(program);
  return [
    '---\ntitle: Commands\ngroup: Reference\n---',
    '# Commands',
    `<!-- Made by \`${command}\`: change the command's own description instead. -->`,
    `${escapeText(sentence(program.description()))} Every command says the same with \`--help\`.`,
    table(
      ['command', 'what it does'],
      commands.map((each) => [`[\`${nameOf(each)}\`](#${anchorOf(each)})`, escapeText(each.description())]),
    ),
    '## Every command',
    optionTable(program),
    helpTexts(program),
    ...commands.flatMap(section),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** All commands without subcommands. */
export function leaves(program) {
  return program.commands.flatMap((each) => (each.commands.length > 0 ? leaves(each) : [each]));
}

/** `hearken tasks make` is `tasks make`. */
export function pathOf(each) {
  return each.parent?.parent ? `${pathOf(each.parent)} ${each.name()}` : each.name();
}

const nameOf = (each) => `hearken ${pathOf(each)}`;
const anchorOf = (each) => nameOf(each).replaceAll(' ', '-');

function section(each) {
  const examples = commandExamples[pathOf(each)] ?? [];
  const own = each.parent?.parent ? helpTexts(each.parent) : '';
  return [
    `## ${nameOf(each)}`,
    escapeText(sentence(each.description())),
    `Usage: \`${nameOf(each)} ${each.usage()}\``,
    argumentTable(each),
    optionTable(each),
    own,
    helpTexts(each),
    examples.length === 0 ? '' : `Examples:\n\n${examples.map((example) => `- \`${example}\``).join('\n')}`,
  ];
}

function argumentTable(each) {
  if (each.registeredArguments.length === 0) return '';
  const rows = each.registeredArguments.map((argument) => {
    const dots = argument.variadic ? '...' : '';
    const name = argument.required ? `<${argument.name()}${dots}>` : `[${argument.name()}${dots}]`;
    return [code(name), described(argument)];
  });
  return table(['argument', 'what it is'], rows);
}

function optionTable(each) {
  // `--help` is listed only once, for all commands.
  const options = each
    .createHelp()
    .visibleOptions(each)
    .filter(({ long }) => each.parent === null || long !== '--help');
  return table(
    ['option', 'what it does'],
    options.map((option) => [code(option.flags), described(option)]),
  );
}

/** The description, followed by what commander adds to it in a terminal, as sentences. */
function described(part) {
  const { description, argChoices, defaultValue, defaultValueDescription, mandatory } = part;
  const notes = [];
  if (mandatory) notes.push('Required.');
  if (argChoices) notes.push(`One of ${argChoices.map(code).join(', ')}.`);
  const isNothing = Array.isArray(defaultValue) && defaultValue.length === 0;
  if (defaultValue !== undefined && defaultValue !== false && !isNothing) {
    notes.push(`Default: ${code(String(defaultValueDescription ?? defaultValue))}.`);
  }
  return [escapeText(sentence(description)), ...notes].join(' ');
}

/** What a command prints below its options; indented lines are commands. */
function helpTexts(each) {
  let text = '';
  each.emit('afterHelp', { error: false, command: each, write: (part) => (text += part) });
  return text
    .trim()
    .split(/\n(?= {2}\S)|(?<=^ {2}.*)\n/m)
    .map((part) => (part.startsWith('  ') ? code(part.trim()) : escapeText(part.replace(/\s+/g, ' ').trim())))
    .join('\n\n');
}

function table(titles, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text) {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function sentence(text) {
  // Names and formats keep their case: `csv: the table`.
  const capital = /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** Descriptions are not Markdown, except for code. */
function escapeText(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part.replaceAll('|', '\\|') : part.replace(/[*<>|[\]]/g, '\\$&')))
    .join('');
}
