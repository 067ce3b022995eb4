import { describe, expect, it } from 'vitest';
import { loadCluster } from '../../src/cli/cluster.node.js';
import { checkQueueOptions } from '../../src/cli/queue-options.js';
import { hearken } from '../../../../tests/support/run-hearken.js';

describe('hearken run --queue', () => {
  it.each([
    [['--force'], '--force with --queue', 'delete the result files'],
    [['--dry-run'], '--dry-run with --queue', 'leave out --queue'],
    [['--watch'], '--watch with --queue', 'run the command again'],
  ])('refuses %s, and says what to do instead', async (options, asked, fix) => {
    const run = ['run', '--model', 'baseline', '--tasks', 'tasks', '--queue', 'redis://127.0.0.1'];
    const { status, err } = await hearken(...run, ...options);
    expect(status).toBe(2);
    expect(err).toContain(`Error: ${asked}\n`);
    expect(err).toContain(`to do:  ${fix}`);
  });

  it.each([
    [['--priority', '1'], '--priority'],
    [['--detach'], '--detach'],
    [['--campaign-name', 'spring'], '--campaign-name'],
    [['--queue-password-file', 'file'], '--queue-password-file'],
  ])('refuses %s without a queue', async (options, asked) => {
    const { status, err } = await hearken('run', '--model', 'baseline', '--tasks', 'tasks', ...options);
    expect(status).toBe(2);
    expect(err).toContain(`Error: ${asked}\n  found:  no queue that it is for\n`);
  });

  it('takes all other options with and without a queue', () => {
    expect(() => {
      checkQueueOptions({});
      checkQueueOptions({ force: true, dryRun: true });
      checkQueueOptions({ queue: 'redis://127.0.0.1', priority: 1, detach: true, campaignName: 'spring' });
    }).not.toThrow();
  });

  it('takes priorities from 1 to 1000', async () => {
    for (const priority of ['0', '1001', 'first']) {
      const { status, err } = await hearken('run', '--queue', 'redis://127.0.0.1', '--priority', priority);
      expect(status).toBe(2);
      expect(err).toContain('Not a whole number of 1 to 1000.');
    }
  });
});

describe('hearken worker, status and cancel', () => {
  it.each([
    [['worker', '--tasks', 'a', '--out', 'b', '--cache', 'c'], '--queue <url>'],
    [['worker', '--queue', 'redis://127.0.0.1', '--out', 'b', '--cache', 'c'], '--tasks <folders...>'],
    [['worker', '--queue', 'redis://127.0.0.1', '--tasks', 'a', '--cache', 'c'], '--out <folder>'],
    [['worker', '--queue', 'redis://127.0.0.1', '--tasks', 'a', '--out', 'b'], '--cache <folder>'],
    [['status'], '--queue <url>'],
    [['cancel', 'spring'], '--queue <url>'],
  ])('need their options: %s', async (args, missing) => {
    const { status, err } = await hearken(...args);
    expect(status).toBe(2);
    expect(err).toContain(`required option '${missing}' not specified`);
  });

  it('take only providers that workers have', async () => {
    const places = ['--queue', 'redis://127.0.0.1', '--tasks', 'a', '--out', 'b', '--cache', 'c'];
    const { status, err } = await hearken('worker', ...places, '--provider', 'webgpu');
    expect(status).toBe(2);
    expect(err).toContain('Allowed choices are cpu, cuda.');
  });
});

describe('loadCluster', () => {
  it('says how to install the package', async () => {
    await expect(loadCluster('@hearken/cluster-that-is-missing')).rejects.toMatchObject({
      asked: 'a queue for several machines',
      found: 'package @hearken/cluster-that-is-missing is not installed',
      fix: 'npm install @hearken/cluster-that-is-missing',
    });
  });
});
