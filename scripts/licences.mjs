// `npm run licences`: prints the licence of every package that is installed with Hearken's, and fails for licences that an
// MIT project can't distribute and for unknown ones.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licenceProblems, productionPackages } from './production-licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
const lock = read(join(root, 'package-lock.json')).packages;
const packages = productionPackages(lock, (folder) => read(join(root, folder, 'package.json')));
const titles = packages.map(({ name, version }) => `${name}@${version}`);
const width = Math.max(...titles.map((title) => title.length));
packages.forEach(({ licence, optional }, index) => {
  console.log(`${titles[index].padEnd(width)}  ${licence}${optional ? ', optional' : ''}`);
});
const problems = licenceProblems(packages);
for (const { name, version, licence } of problems) console.error(`${name}@${version}: ${licence} is not accepted`);
console.log(`${packages.length} packages, ${problems.length} of them with a licence that is not accepted`);
process.exitCode = problems.length > 0 ? 1 : 0;
