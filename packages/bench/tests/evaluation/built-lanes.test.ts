// What is built, in a process of its own: there lanes are threads of the built files. Needs `npm run build`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('./built-lanes.mjs', import.meta.url));
const isBuilt = existsSync(new URL('../../dist/evaluation/lanes/lane-worker.node.js', import.meta.url));

function evaluate(...args: readonly string[]) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return {
    status,
    signal,
    stderr,
    answer: stdout === '' ? undefined : (JSON.parse(stdout) as Record<string, unknown>),
  };
}

describe.skipIf(!isBuilt && !process.env.CI)('lanes as they are built', () => {
  it('give the numbers that one thread gives', () => {
    const one = evaluate('1');
    expect(one).toMatchObject({ status: 0, stderr: '', answer: { running: 1 } });
    const two = evaluate('2');
    expect(two).toMatchObject({ status: 0, stderr: '', answer: { running: 2 } });
    expect(two.answer!.numbers).toEqual(one.answer!.numbers);
  });

  it('end with the process, and leave its status as it is', () => {
    expect(evaluate('2', 'exit')).toEqual({ status: 5, signal: null, stderr: '', answer: undefined });
  });

  it('end when the evaluation is stopped', () => {
    expect(evaluate('2', 'abort')).toEqual({ status: 0, signal: null, stderr: '', answer: { error: 'enough' } });
  });
});
