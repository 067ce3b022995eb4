import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ValidationReport } from '../../src/validate/finding.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

it('prints one JSON document, for continuous integration', async () => {
  const { status, out } = await hearken('validate', 'baseline', '--json', '--threads', '1');
  expect(status).toBe(0);
  const report = JSON.parse(out) as ValidationReport;
  expect(report).toMatchObject({ model: 'baseline:mel', failed: 0, advice: 0, checkpointSha256: null });
  expect(report.findings.length).toBeGreaterThan(30);
  expect(report.findings.every(({ passed, why }) => passed && why !== '')).toBe(true);
});

it('says what was found, why it matters and how to mend it, and fails for a broken contract', async () => {
  const folder = join(await temporaryFolder(), 'broken');
  await mkdir(folder);
  const source = (await readFile(fakePlugin, 'utf8')).replace('this.scale = options.scale ?? 1', 'this.scale = NaN');
  await writeFile(join(folder, 'index.mjs'), source);
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'broken', version: '1.0.0', main: 'index.mjs' }),
  );
  const { status, out } = await hearken('validate', folder, '--json');
  expect(status).toBe(1);
  const report = JSON.parse(out) as ValidationReport;
  const { findings, failed, advice } = report;
  const bad = findings.filter(({ passed }) => !passed);
  expect(failed + advice).toBe(bad.length);
  expect(failed).toBeGreaterThan(3);
  for (const { name, why, expected, found, fix } of bad) {
    for (const part of [why, expected, found, fix]) expect(part?.length ?? 0, name).toBeGreaterThan(4);
  }
  expect(report.passed + failed + advice).toBe(findings.length);
  expect(bad.map(({ name }) => name)).toContain('the package says its licence');
  expect(bad.find(({ name }) => name === "the module exports HEAR's three functions")).toMatchObject({
    kind: 'contract',
    found: 'no loadModel, getSceneEmbeddings, getTimestampEmbeddings',
  });
  expect(bad.map(({ name }) => name)).toContain("audio has one of HEAR's sample rates");
  const { out: text } = await hearken('validate', folder);
  expect(text).toMatch(/^ {2}why: {6}\S/m);
  expect(text).toMatch(/\d+ checks passed, 13 failed for 3 reasons, \d+ with advice\n$/);
  expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
});

it("fails a module without one of HEAR's functions, which the harness itself completes", async () => {
  const folder = join(await temporaryFolder(), 'module');
  await mkdir(folder);
  const source = (await readFile(fakePlugin, 'utf8')).replace('export default {', 'const plugin = {');
  const exported = `export default plugin;
export const loadModel = plugin.load;
export const getSceneEmbeddings = (signals, embedder, options) => embedder.embedScenes(signals, options);
`;
  await writeFile(join(folder, 'index.mjs'), `${source}${exported}`);
  const { status, out } = await hearken('validate', join(folder, 'index.mjs'), '--json');
  const { findings, failed } = JSON.parse(out) as ValidationReport;
  const finding = findings.find(({ name }) => name === "the module exports HEAR's three functions");
  expect(finding).toMatchObject({ kind: 'contract', passed: false, found: 'no getTimestampEmbeddings' });
  expect(failed).toBeGreaterThan(0);
  expect(status).toBe(1);
});

it('expects the size that options make, not that of the metadata', async () => {
  const { status, out, err } = await hearken('validate', 'baseline', '--options', '{"melBands":8}', '--threads', '1');
  expect(out).toMatch(/ 0 failed/);
  // Both may go to one file.
  expect(out).toMatch(/^passed {2}/m);
  expect(err).not.toMatch(/passed|FAILED|advice/);
  expect(status).toBe(0);
});
