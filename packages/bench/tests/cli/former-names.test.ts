import { describe, expect, it } from 'vitest';
import { hearken } from '../../../../tests/support/run-hearken.js';

describe('a command by its former name', () => {
  it.each([
    ['tasks known', 'hearken tasks list', 'hearken tasks list --known', ['tasks', '--json']],
    ['embed-tasks', 'hearken heareval embed', 'hearken heareval embed', ['--model', 'baseline', '--tasks', 'tasks']],
  ])('hearken %s is refused, with the current name', async (former, current, fix, args) => {
    const words = former.split(' ');
    const expected = [
      `Error: command 'hearken ${former}'`,
      `  found:  it is now called '${current}'`,
      `  to do:  run '${fix}' with the same arguments`,
      '',
    ].join('\n');
    for (const call of [
      [...words, ...args],
      ['help', ...words],
    ]) {
      expect(await hearken(...call)).toEqual({ status: 2, out: '', err: expected });
    }
    expect((await hearken('--debug', ...words, ...args)).err).toContain(`run '${fix}'`);
  });

  it('has the current name in the list of commands, and not the former one', async () => {
    const { out } = await hearken('--help');
    expect(out).toMatch(/^ {2}heareval /m);
    expect(out).not.toMatch(/^ {2}embed-tasks /m);
  });

  it('is not taken for an argument of another command', async () => {
    expect((await hearken('results', 'predict')).err).not.toContain('renamed');
  });
});
