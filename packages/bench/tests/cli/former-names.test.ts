import { describe, expect, it } from 'vitest';
import { hearken } from '../../../../tests/support/run-hearken.js';

describe('a command by its former name', () => {
  it.each([
    ['embed-tasks', 'hearken heareval embed', ['--model', 'baseline', '--tasks', 'tasks']],
    ['predict', 'hearken heareval predict', ['embeddings', '--json']],
    ['predict', 'hearken heareval predict', ['--help']],
  ])('hearken %s is refused, with %s to run instead', async (former, current, args) => {
    const words = former.split(' ');
    const expected = [
      `Error: command 'hearken ${former}'`,
      `  found:  it was renamed to '${current}'`,
      `  to do:  run '${current}' with the same arguments`,
      '',
    ].join('\n');
    for (const call of [
      [...words, ...args],
      ['help', ...words],
    ]) {
      expect(await hearken(...call)).toEqual({ status: 2, out: '', err: expected });
    }
    expect((await hearken('--debug', ...words, ...args)).err).toContain(`run '${current}'`);
  });

  it('has the current name in the list of commands, and not the former one', async () => {
    const { out } = await hearken('--help');
    expect(out).toMatch(/^ {2}heareval /m);
    expect(out).not.toMatch(/^ {2}(embed-tasks|predict) /m);
  });

  it('is not taken for an argument of another command', async () => {
    expect((await hearken('results', 'predict')).err).not.toContain('renamed');
  });
});
