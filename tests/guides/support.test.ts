// Makes sure that the tests of the guides can fail: their parts find what they should.
import { existsSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../support/temporary-folder.js';
import { problemOfCall } from './support/check-call.js';
import { differenceOf } from './support/compare-output.js';
import { readGuide } from './support/read-guide.js';
import { missingPrograms, runGuide } from './support/run-guide.js';
import { hearkenCalls, shellCommands } from './support/shell-words.js';

const fence = '```';
const makeFolder = temporaryFolders();

describe('readGuide', () => {
  it('finds blocks with their lines, files and reasons', () => {
    const page = `---\ntitle: A page\ngroup: Start\n---\n\n# A page\n\n${fence}ts\n// a.ts\nf();\n${fence}\n\nSave as b.json:\n\n${fence}json b.json\n{}\n${fence}\n\n<!-- not run: needs a GPU -->\n\n${fence}sh\nls\n${fence}\n`;
    const { frontMatter, blocks, problems, anchors } = readGuide('page', page);
    expect(problems).toEqual([]);
    expect([...anchors]).toEqual(['a-page']);
    expect(frontMatter).toEqual({ title: 'A page', group: 'Start' });
    expect(blocks.map(({ language, file, line, notRun }) => [language, file, line, notRun])).toEqual([
      ['ts', 'a.ts', 8, undefined],
      ['json', 'b.json', 15, undefined],
      ['sh', undefined, 21, 'needs a GPU'],
    ]);
  });

  it.each([
    ['a fence without a language', `${fence}\nls\n${fence}\n`],
    ['an indented block', 'Text\n\n    ls\n'],
    ['an unknown language', `${fence}ruby\nputs 1\n${fence}\n`],
    ['a block in a list', `- so:\n\n  ${fence}sh\n  ls\n  ${fence}\n`],
    ['a file that the text does not name', `Text\n\n${fence}json b.json\n{}\n${fence}\n`],
    ['a mark before no block', '<!-- not run: who knows -->\n\nText\n'],
  ])('reports %s', (_, page) => {
    expect(readGuide('page', page).problems).toHaveLength(1);
  });
});

describe('runGuide', () => {
  const page = (script: string) => `---\ntitle: A page\nport: 6390\n---\n\n${fence}sh\n${script}\n${fence}\n`;

  it('takes a free port in place of that of the page', async () => {
    const project = await makeFolder();
    const folder = await runGuide(readGuide('page', page('echo 6390 16390 > ports')), project);
    const [port, other] = (await readFile(join(folder, 'ports'), 'utf8')).trim().split(' ').map(Number);
    expect(port).toBeGreaterThan(1023);
    expect(port).not.toBe(6390);
    expect(other).toBe(16390);
  });

  it.skipIf(!existsSync('/proc/self/cwd'))('ends what a page that fails has left running', async () => {
    const project = await makeFolder();
    const script = 'sleep 1000 > /dev/null 2>&1 &\necho $! > id\nsetsid sleep 1000 > /dev/null 2>&1 &\nfalse';
    await expect(runGuide(readGuide('page', page(script)), project)).rejects.toThrow('page.md:6');
    const id = (await readFile(join(project, 'guides/page/id'), 'utf8')).trim();
    // Where nobody asks how it has ended, its number stays.
    await expect(readlink(`/proc/${id}/cwd`)).rejects.toThrow('ENOENT');
  });
});

describe('missingPrograms', () => {
  it('names what a page needs and nobody has installed', () => {
    const needs = (programs: string) => missingPrograms(readGuide('page', `---\nneeds: ${programs}\n---\n`));
    expect(needs('node no-such-program')).toEqual(['no-such-program']);
    expect(missingPrograms(readGuide('page', '---\ntitle: A page\n---\n'))).toEqual([]);
  });
});

describe('differenceOf', () => {
  it('takes ... for any text or any lines, and columns of any width', () => {
    expect(differenceOf('a ... c\n...\nz', 'a b  c\nd\ne\nz\n')).toBeUndefined();
    expect(differenceOf('│ a │ b │\n└────┘', '│ a   │ b │\n└──┘')).toBeUndefined();
    expect(differenceOf('a\n...', 'a')).toBeUndefined();
  });

  it('takes numbers that are close for equal', () => {
    expect(
      differenceOf('score 0.85 ± 0.03, -0.02 to +0.01', 'score 0.8333 ± 0.0697, -0.0333 to +0.0250'),
    ).toBeUndefined();
    expect(differenceOf('score 0.85', 'score 0.78')).toBeDefined();
    expect(differenceOf('version 1.2.3, 12 clips', 'version 1.2.4, 12 clips')).toBeDefined();
    expect(differenceOf('12 clips', '13 clips')).toBeDefined();
  });

  it('says what differs', () => {
    expect(differenceOf('a\nb', 'a\nc')).toMatch(/'b'.*'c'/);
    expect(differenceOf('a', 'a\nb')).toMatch(/ends.*'b'/);
    expect(differenceOf('a\nb', 'a')).toMatch(/nothing more/);
    expect(differenceOf('a.c', 'abc')).toBeDefined();
    expect(differenceOf('a\n...\nz', 'a\nb')).toBeDefined();
  });

  it('finds any text equal to itself, and unequal to one line more', () => {
    const lines = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 });
    fc.assert(
      fc.property(lines, lines, (text, more) => {
        expect(differenceOf(text.join('\n'), text.join('\n'))).toBeUndefined();
        expect(differenceOf(text.join('\n'), [...text, ...more].join('\n'))).toBeDefined();
        expect(differenceOf([...text, '...'].join('\n'), [...text, ...more].join('\n'))).toBeUndefined();
      }),
    );
  });
});

describe('shellCommands', () => {
  it('splits as a shell does', () => {
    expect(shellCommands(`a 'b c' "d \\"e" f\\ g # h\ni \\\n  j | k && l > m 2>&1; n --o='{"p":1}'`)).toEqual([
      ['a', 'b c', 'd "e', 'f g'],
      ['i', 'j'],
      ['k'],
      ['l'],
      ['n', '--o={"p":1}'],
    ]);
  });

  it('finds calls of hearken, whatever runs them', () => {
    const script =
      'npx hearken run --json\nA=1 srun npx hearken models\ncat hearken\nif ! hearken verify r; then x; fi';
    expect(hearkenCalls(script)).toEqual([['run', '--json'], ['models'], ['verify', 'r']]);
  });

  it('gives words back as they were quoted', () => {
    const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
    const words = fc.array(
      fc.string({ minLength: 1 }).filter((word) => !word.includes('\0')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(words, (list) => {
        expect(shellCommands(list.map(quoted).join(' '))).toEqual([list]);
      }),
    );
  });
});

describe('problemOfCall', () => {
  it.each([
    ['run --model a --tasks b c --probe linear', undefined],
    ['embed a.wav', /--model/],
    ['run --model a --tasks b --prob linear', /--prob/],
    ['run --model a --tasks b --grid best', /faster/],
    ['compare', /missing required argument/],
    ['export a --model b --out c', /too many arguments/],
    ['tasks lost', /unknown command|too many/],
    ['run --help', undefined],
  ])('of hearken %s', async (call, problem) => {
    const found = await problemOfCall(call.split(' '));
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });
});
