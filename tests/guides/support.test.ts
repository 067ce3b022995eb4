// Makes sure that the tests of the guides can fail: their parts find what they should.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOfCall } from './support/check-call.js';
import { differenceOf } from './support/compare-output.js';
import { readGuide } from './support/read-guide.js';
import { hearkenCalls, shellCommands } from './support/shell-words.js';

const fence = '```';

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
