import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { timeLimit } from '../../support/time-limit.js';
import { differenceOf } from './compare-output.js';
import { freePort } from '../../support/free-port.js';
import { endProcessesIn } from './end-processes.js';
import type { Block, Guide } from './read-guide.js';

/** Small checkpoints with made-up weights, in the layout of released ones. */
const checkpoints = fileURLToPath(new URL('../../../packages/plugins-efficientat/tests/fixtures', import.meta.url));

const commands = fileURLToPath(new URL('../commands', import.meta.url));

/**
 * Runs a guide's blocks in order, in a new folder inside a project with the packed packages.
 *
 * @param project folder whose `node_modules` has the packages
 * @param after folder of the guide that this one continues
 * @returns the guide's folder
 * @throws Error with the block, its output, and the output in the guide
 */
export async function runGuide(guide: Guide, project: string, after?: string): Promise<string> {
  const folder = join(project, 'guides', guide.name);
  await mkdir(folder, { recursive: true });
  if (after !== undefined) await cp(after, folder, { recursive: true });
  const { checkpoint } = guide.frontMatter;
  if (checkpoint !== undefined) await cp(join(checkpoints, basename(checkpoint)), join(folder, basename(checkpoint)));
  const { port } = guide.frontMatter;
  const blocks = port === undefined ? guide.blocks : withPort(guide.blocks, port, await freePort());
  let printed: string | undefined;
  try {
    for (const block of blocks) {
      const at = `${guide.name}.md:${block.line}`;
      if (block.file !== undefined) await writeBlock(folder, block, at);
      if (block.language === 'text') {
        if (block.notRun === undefined && printed !== undefined) compare(block, printed, at);
      } else printed = undefined;
      if (isRun(block)) printed = await runBlock(block, folder, project, at);
    }
  } finally {
    await endProcessesIn(folder);
  }
  return folder;
}

/** The programs that a guide needs and this machine does not have. */
export function missingPrograms({ frontMatter: { needs = '' } }: Guide): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isThere = (program: string) => folders.some((folder) => existsSync(join(folder, program)));
  return needs.split(' ').filter((program) => program !== '' && !isThere(program));
}

/** The blocks with a port that is free in place of that of the guide. */
function withPort(blocks: readonly Block[], written: string, port: number): Block[] {
  const replaced = new RegExp(`\\b${written}\\b`, 'g');
  return blocks.map((block) => ({ ...block, text: block.text.replace(replaced, String(port)) }));
}

/** Whether a block is a shell script that is run immediately. */
export function isRun({ language, file, notRun }: Block): boolean {
  return language === 'sh' && file === undefined && notRun === undefined;
}

async function writeBlock(folder: string, { file = '', text }: Block, at: string): Promise<void> {
  const path = resolve(folder, file);
  if (!path.startsWith(folder + sep)) throw new Error(`${at}: ${file} is outside the guide's folder`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${text}\n`);
}

async function runBlock({ text }: Block, folder: string, project: string, at: string): Promise<string> {
  const environment = guideEnvironment(project);
  return new Promise((fulfil, reject) => {
    const options = { cwd: folder, env: environment, timeout: timeLimit, maxBuffer: 2 ** 24 };
    execFile('bash', ['-e', '-o', 'pipefail', '-c', text], options, (error, stdout, stderr) => {
      if (error === null) fulfil(stdout);
      else reject(new Error(`${at}: ${error.message}\n--- printed\n${stdout}\n--- standard error\n${stderr}`));
    });
  });
}

function compare({ text }: Block, printed: string, at: string): void {
  const difference = differenceOf(text, printed);
  if (difference !== undefined) throw new Error(`${at}: ${difference}\n--- printed\n${printed}`);
}

/**
 * The environment of someone who follows the guide: nothing from this test run, and no cache or models of this user.
 */
function guideEnvironment(project: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|NODE_|VITEST|HEARKEN_|FORCE_COLOR$|TEST$|CI$)/i.test(name),
  );
  const path = [commands, dirname(process.execPath), process.env.PATH].join(':');
  return {
    ...Object.fromEntries(kept),
    HOME: join(project, 'home'),
    XDG_CACHE_HOME: join(project, 'home', '.cache'),
    PATH: path,
    GUIDE_PATH: path.split(':').slice(1).join(':'),
    NO_COLOR: '1',
    GUIDE_PROJECT: project,
  };
}
