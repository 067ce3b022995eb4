// `npm run docs`: builds the documentation site into docs/api/<version>, where older versions stay, and docs/api/latest.
// Every warning of TypeDoc is an error: a link that leads nowhere, a public symbol without a comment.
//
//   node scripts/docs.mjs [--out FOLDER] [--check | --draft]
//
// --check reads everything and writes nothing; --draft writes the site in spite of warnings, to look at it.
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Application, PackageJsonReader, TSConfigReader } from 'typedoc';
import config from '../typedoc.config.mjs';
import { documentedVersion, root } from '../docs/site/public-entries.mjs';

const flag = { type: 'boolean', default: false };
const { values } = parseArgs({ options: { out: { type: 'string' }, check: flag, draft: flag } });
const out = resolve(values.out ?? join(root, 'docs/api'));
process.chdir(root);

const redirect = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Hearken</title>
  <meta http-equiv="refresh" content="0; url=latest/index.html" />
  <link rel="canonical" href="latest/index.html" />
  <link rel="icon" href="latest/assets/favicon.svg" />
  <a href="latest/index.html">Hearken: documentation</a>
</html>
`;

const start = performance.now();
const app = await Application.bootstrapWithPlugins({ ...config, logLevel: 'Warn' }, [
  new PackageJsonReader(),
  new TSConfigReader(),
]);
const project = await app.convert();
if (project !== undefined) app.validate(project);

const isAmiss = () => app.logger.hasErrors() || app.logger.hasWarnings();
if (project !== undefined && !values.check && (values.draft || !isAmiss())) {
  mkdirSync(out, { recursive: true });
  const staging = mkdtempSync(join(out, '.building-'));
  await app.generateDocs(project, staging);
  if (values.draft || !isAmiss()) publish(staging);
  rmSync(staging, { recursive: true, force: true });
}

const seconds = ((performance.now() - start) / 1000).toFixed(1);
const failed = project === undefined || isAmiss();
if (failed) console.error(`documentation: ${app.logger.errorCount} errors, ${app.logger.warningCount} warnings`);
else console.log(values.check ? `documentation checked (${seconds} s)` : `${join(out, 'latest')} (${seconds} s)`);
process.exitCode = failed ? 1 : 0;

/** Replaces the last build of the same version with a finished one; the newest version is also `latest`. */
function publish(staging) {
  replace(join(out, documentedVersion), (folder) => renameSync(staging, folder));
  const versions = readdirSync(out)
    .filter((name) => /^\d+\.\d+$/.test(name))
    .sort((left, right) => right.localeCompare(left, 'en', { numeric: true }));
  replace(join(out, 'latest'), (folder) => cpSync(join(out, versions[0]), folder, { recursive: true }));
  writeFileSync(join(out, 'versions.json'), `${JSON.stringify({ latest: versions[0], versions })}\n`);
  writeFileSync(join(out, 'index.html'), redirect);
  // GitHub Pages would omit names that start with an underscore.
  writeFileSync(join(out, '.nojekyll'), '');
}

function replace(folder, put) {
  rmSync(folder, { recursive: true, force: true });
  put(folder);
}
