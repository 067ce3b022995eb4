// A plugin made with the packed `create-hearken-plugin` is installed, built, tested, validated, scored and reported,
// outside the workspace. `HEARKEN_ALL_STARTS=1` does this from every starting point.
import { build as bundle } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installFromTarballs, type OutsideProject, outsideProject } from '../support/outside-project.js';

interface Start {
  readonly name: string;
  readonly flags: readonly string[];
  /** What in the plugin's tests makes an artificial checkpoint instead of the author's, and the file for it. */
  readonly writer?: { readonly module: string; readonly call: string; readonly file: string };
}

const onnx = { module: 'made-up-model', file: 'model.onnx' };
const weights = { module: 'made-up-weights', file: 'model.safetensors' };
const all: readonly Start[] = [
  { name: 'numbers', flags: ['--weights', 'none'] },
  { name: 'layers', flags: ['--weights', 'safetensors'], writer: { ...weights, call: 'madeUpWeights()' } },
  {
    name: 'waves',
    flags: ['--weights', 'onnx', '--input', 'waveform'],
    writer: { ...onnx, call: 'madeUpModel({ channels: 1, embeddingSize: 16 })' },
  },
  {
    name: 'bands',
    flags: ['--weights', 'onnx', '--input', 'features'],
    writer: { ...onnx, call: 'madeUpModel()' },
  },
];
const starts = process.env.HEARKEN_ALL_STARTS === '1' ? all : all.slice(0, 1);

let creator: OutsideProject;

beforeAll(async () => {
  // What `npm create` installs: this package and its dependencies.
  creator = await outsideProject({ packages: ['create-hearken-plugin', '@hearken/core'], nodeRuntime: false });
});

afterAll(() => creator?.remove());

describe.each(starts)('a plugin $flags', ({ name, flags, writer }) => {
  it('goes from nothing to the leaderboard', async () => {
    const timed = stopwatch();
    const run = async (command: string, args: readonly string[], cwd = folder) => {
      const { status, stdout, stderr } = await creator.run(command, args, { cwd });
      if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${String(status)}\n${stdout}${stderr}`);
      timed(`${command} ${args[0]} ${args[1] ?? ''}`);
      return stdout;
    };
    const folder = join(creator.folder, `hearken-plugin-${name}`);
    await run('create-hearken-plugin', [name, '--signal', 'audio', ...flags, '--yes'], creator.folder);
    await installFromTarballs(folder, creator.tarballs);
    timed('npm install');
    await run('npm', ['run', 'build']);
    await run('npm', ['test']);
    const checkpoint = writer === undefined ? [] : ['--checkpoint', await writeCheckpoint(folder, writer, run)];
    await run('npx', ['hearken', 'validate', '.', ...checkpoint]);
    const task = await writeMiniTask(folder, run);
    const quick = ['--probe', 'linear', '--grid', 'faster', '--grid-points', '1', '--json'];
    const scored = await run('npx', ['hearken', 'run', '--model', '.', ...checkpoint, '--tasks', task, ...quick]);
    const [{ task: scoredTask, score }] = JSON.parse(scored) as { task: string; score: number }[];
    console.log(`${name}: ${scoredTask} ${score.toFixed(3)}\n${timed.report()}`);
    expect(score).toBeGreaterThan(0.2);
    await run('npx', ['hearken', 'report', 'results', '--out', 'site']);
    expect(await readFile(join(folder, 'site/index.html'), 'utf8')).toContain(name);
  });
});

type Run = (command: string, args: readonly string[]) => Promise<string>;

async function writeCheckpoint(folder: string, writer: Required<Start>['writer'], run: Run): Promise<string> {
  const { module, call, file } = writer;
  await bundle({
    stdin: {
      contents: `import { writeFile } from 'node:fs/promises';
        import { ${call.slice(0, call.indexOf('('))} } from './tests/${module}.ts';
        await writeFile('${file}', new Uint8Array(await new Blob([${call}]).arrayBuffer()));`,
      resolveDir: folder,
    },
    outfile: join(folder, 'write-checkpoint.mjs'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
  });
  await run('node', ['write-checkpoint.mjs']);
  return file;
}

async function writeMiniTask(folder: string, run: Run): Promise<string> {
  await writeFile(
    join(folder, 'make-task.mjs'),
    `import { makeMiniTasks } from '@hearken/bench';
     console.log(JSON.stringify(await makeMiniTasks('tasks', { tasks: ['scenes'] })));`,
  );
  const [task] = JSON.parse(await run('node', ['make-task.mjs'])) as string[];
  return task;
}

/** Seconds of each step, to show where the time goes. */
function stopwatch() {
  const lines: string[] = [];
  let start = performance.now();
  const mark = (step: string) => {
    lines.push(`  ${step.trim()}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    start = performance.now();
  };
  return Object.assign(mark, { report: () => lines.join('\n') });
}
