// What can be checked in the guides without running them: their conventions, and the commands that are only shown.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemOfCall } from './support/check-call.js';
import { readGuides, readReadmes, root } from './support/pages.js';
import type { Block } from './support/read-guide.js';
import { isRun } from './support/run-guide.js';
import { hearkenCalls } from './support/shell-words.js';

/** The maximum number of blocks that are shown but not run; a new one needs a good reason. */
const mostNotRun = 11;

const groups = ['Start', 'Models and plugins', 'Evaluation', 'Results', 'Browser', 'Reference'];
const guides = readGuides();
const readmes = readReadmes();
const hasPython = spawnSync('python3', ['--version']).status === 0;
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;

function blocksOf(language: string, pages = [...guides, ...readmes]): { readonly at: string; readonly block: Block }[] {
  return pages.flatMap(({ name, blocks }) =>
    blocks.filter((block) => block.language === language).map((block) => ({ at: `${name}.md:${block.line}`, block })),
  );
}

describe('guides', () => {
  it.each(guides)('$name keeps the conventions', ({ frontMatter, problems, blocks, name }) => {
    expect(problems).toEqual([]);
    expect(frontMatter.title).toMatch(/\S/);
    expect(groups).toContain(frontMatter.group);
    blocks.forEach((block, index) => {
      const before = blocks[index - 1]?.language;
      if (block.language === 'text') expect(before, `${name}.md:${block.line} is printed by a command`).toBe('sh');
    });
  });

  it.each(guides.filter(({ frontMatter }) => frontMatter.group !== 'Reference'))(
    '$name leads on to other guides',
    ({ links }) => {
      expect(links.filter((link) => /^[\w-]+\.md/.test(link)).length).toBeGreaterThan(0);
    },
  );

  it('show few blocks that no test runs', () => {
    const notRun = guides.flatMap(({ name, blocks }) =>
      blocks.filter((block) => block.notRun !== undefined).map(({ line, notRun }) => `${name}.md:${line}: ${notRun}`),
    );
    expect(notRun.length, notRun.join('\n')).toBeLessThanOrEqual(mostNotRun);
  });
});

describe('READMEs', () => {
  it.each(readmes)('$name keeps the conventions', ({ problems }) => {
    expect(problems).toEqual([]);
  });
});

describe('links', () => {
  const pages = [...guides.map((guide) => ({ ...guide, path: `docs/guides/${guide.name}.md` })), ...readmePages()];

  it.each(pages)('of $path lead somewhere', ({ path, links }) => {
    const dead = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file, anchor] = link.split('#');
        const target = file === '' ? path : join(dirname(path), file);
        const known = pages.find((page) => page.path === target);
        const isThere = existsSync(join(root, target));
        return !isThere || (anchor !== undefined && known !== undefined && !known.anchors.has(anchor));
      });
    expect(dead).toEqual([]);
  });
});

function readmePages() {
  return readmes.map((readme) => ({ ...readme, path: `${readme.name}.md` }));
}

describe('blocks that are only shown', () => {
  const scripts = blocksOf('sh').filter(({ at, block }) => !isRun(block) || at.includes('README'));

  it.each(scripts)('$at is a script that a shell can read', ({ block }) => {
    expect(() => execFileSync('bash', ['-n'], { input: block.text, stdio: 'pipe' })).not.toThrow();
  });

  const scriptFiles = scripts.filter(({ block }) => block.file !== undefined);
  it.skipIf(!hasShellcheck).each(scriptFiles)(
    '$at is a script that shellcheck has nothing to say about',
    ({ block }) => {
      const { stdout } = spawnSync('shellcheck', ['-'], { input: `${block.text}\n`, encoding: 'utf8' });
      expect(stdout).toBe('');
    },
  );

  it.each(scripts.filter(({ block }) => hearkenCalls(block.text).length > 0))(
    '$at calls hearken as it wants to be called',
    async ({ block }) => {
      for (const call of hearkenCalls(block.text)) expect(await problemOfCall(call), call.join(' ')).toBeUndefined();
    },
  );

  it('are JSON where they say so', () => {
    for (const { at, block } of blocksOf('json')) expect(() => void JSON.parse(block.text), at).not.toThrow();
  });

  it.skipIf(!hasPython)('are Python where they say so', () => {
    const sources = JSON.stringify(blocksOf('python').map(({ at, block }) => [at, block.text]));
    const program = 'import ast, json, sys\nfor at, text in json.load(sys.stdin): ast.parse(text, at)';
    expect(() => execFileSync('python3', ['-c', program], { input: sources, stdio: 'pipe' })).not.toThrow();
  });
});
