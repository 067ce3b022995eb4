import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../packages/bench/src/cli/program.js';

interface Reference {
  readonly commandReference: (program: Command) => string;
  readonly leaves: (program: Command) => Command[];
  readonly pathOf: (command: Command) => string;
}

const page = fileURLToPath(new URL('../../docs/guides/commands.md', import.meta.url));
const scripts = new URL('../../scripts/', import.meta.url);
const { commandReference, leaves, pathOf } = (await import(
  new URL('docs-command-reference.mjs', scripts).href
)) as Reference;
const { commandExamples } = (await import(new URL('docs-command-examples.mjs', scripts).href)) as {
  readonly commandExamples: Readonly<Record<string, readonly string[]>>;
};

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
const newProgram = () => createProgram({ stdout: nowhere, stderr: nowhere, setExitStatus: () => undefined });

describe('the command reference', () => {
  it('is what the command table gives: node scripts/generate-command-reference.mjs writes it', async () => {
    const made = await format(commandReference(newProgram()), { ...(await resolveConfig(page)), parser: 'markdown' });
    expect(readFileSync(page, 'utf8')).toBe(made);
  });

  it('has every command, argument and option', () => {
    const text = readFileSync(page, 'utf8');
    for (const command of leaves(newProgram())) {
      const section = sectionOf(text, pathOf(command));
      for (const option of command.options.filter(({ hidden }) => !hidden))
        expect(section, pathOf(command)).toContain(`\`${option.flags}\``);
      for (const argument of command.registeredArguments) expect(section).toContain(argument.name());
    }
  });

  it('has an example of every command, which the command takes', () => {
    expect(Object.keys(commandExamples).sort()).toEqual(leaves(newProgram()).map(pathOf).sort());
    for (const [path, examples] of Object.entries(commandExamples)) {
      for (const example of examples) {
        const command = leaves(newProgram()).find((each) => pathOf(each) === path)!;
        const [hearken, ...words] = wordsOf(example);
        const names = path.split(' ');
        expect([hearken, ...words.slice(0, names.length)], example).toEqual(['hearken', ...names]);
        const { operands, unknown } = command.parseOptions(words.slice(names.length));
        expect(unknown, example).toEqual([]);
        const given = command.registeredArguments;
        expect(operands.length, example).toBeGreaterThanOrEqual(given.filter(({ required }) => required).length);
        if (!given.some(({ variadic }) => variadic)) expect(operands.length, example).toBeLessThanOrEqual(given.length);
        for (const option of command.options.filter(({ mandatory }) => mandatory)) {
          expect(command.getOptionValue(option.attributeName()), `${example}: ${option.flags}`).toBeDefined();
        }
      }
    }
  });
});

function sectionOf(text: string, path: string): string {
  const start = text.indexOf(`\n## hearken ${path}\n`);
  expect(start, path).toBeGreaterThan(0);
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end < 0 ? undefined : end);
}

/** A command line's words, split like a shell does: spaces in quotes do not separate words. */
function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain);
}
