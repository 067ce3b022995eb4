import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isAcceptable, licenceProblems, productionPackages } from '../scripts/production-licences.mjs';

const script = fileURLToPath(new URL('../scripts/licences.mjs', import.meta.url));

describe('npm run licences', () => {
  it('finds no licence that an MIT project cannot pass on, in all that comes with Hearken', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    // The run's output is where they can be read.
    console.log(stdout);
    expect(stdout).toMatch(/\d+ packages, 0 of them with a licence that is not accepted/);
    expect(stdout).toContain('opus-decoder@');
    expect(stdout).toMatch(/node-web-audio-api@\S+ +BSD-3-Clause, optional/);
  });
});

describe('isAcceptable', () => {
  it.each(['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND BSD-3-Clause', 'GPL-2.0 OR (ISC AND MIT)', 'MPL-2.0'])(
    'takes %s',
    (expression) => {
      expect(isAcceptable(expression)).toBe(true);
    },
  );

  it.each([
    'GPL-2.0',
    'LGPL-3.0-or-later',
    'AGPL-3.0-only',
    'MIT AND LGPL-2.1-only',
    '(MIT OR GPL-2.0-only) AND GPL-2.0-only',
    'unknown',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE',
    '',
    'MIT MIT',
  ])('does not take %s', (expression) => {
    expect(isAcceptable(expression)).toBe(false);
  });
});

describe('productionPackages', () => {
  const lock = {
    'packages/bench': {
      dependencies: { direct: '1' },
      peerDependencies: { added: '1' },
      peerDependenciesMeta: { added: { optional: true } },
      devDependencies: { tool: '1' },
    },
    'node_modules/direct': { version: '1.0.0', license: 'MIT', dependencies: { deep: '2' } },
    'node_modules/direct/node_modules/deep': { version: '2.0.0', license: 'LGPL-3.0' },
    'node_modules/deep': { version: '1.0.0', license: 'MIT' },
    'node_modules/added': { version: '1.0.0' },
    'node_modules/tool': { version: '1.0.0', license: 'GPL-3.0' },
  };

  it('follows dependencies to the version that is found, and leaves tools out', () => {
    const packages = productionPackages(lock, () => ({ licenses: [{ type: 'GPL-2.0' }] }));
    expect(packages.map(({ name, version, optional }) => [name, version, optional])).toEqual([
      ['added', '1.0.0', true],
      ['deep', '2.0.0', false],
      ['direct', '1.0.0', false],
    ]);
    expect(licenceProblems(packages).map(({ name }) => name)).toEqual(['added', 'deep']);
  });

  it('knows packages that hold code which their manifests do not name', () => {
    const wrapped = { 'packages/a': { dependencies: { 'mpg123-decoder': '1' } } };
    const packages = productionPackages(
      { ...wrapped, 'node_modules/mpg123-decoder': { version: '1.0.3', license: 'MIT' } },
      () => ({}),
    );
    expect(licenceProblems(packages)).toHaveLength(1);
  });

  it('says where the lock lacks something', () => {
    expect(() => productionPackages({ 'packages/a': { dependencies: { gone: '1' } } }, () => ({}))).toThrow(
      /no place for gone/,
    );
  });
});
