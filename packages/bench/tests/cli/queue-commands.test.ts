import { describe, expect, it } from 'vitest';
import { loadCluster } from '../../src/cli/cluster.node.js';
import { hearken } from '../../../../tests/support/run-hearken.js';

describe('hearken status and cancel', () => {
  it.each([
    [['status'], '--queue <url>'],
    [['cancel', 'spring'], '--queue <url>'],
  ])('need their options: %s', async (args, missing) => {
    const { status, err } = await hearken(...args);
    expect(status).toBe(2);
    expect(err).toContain(`required option '${missing}' not specified`);
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
