// `npm run fuzz [-- options]`: installs what is missing, then runs the readers on damaged files. See fuzz/main.ts.
import { checkNode, installPackages, run } from './prepare.mjs';

checkNode();
installPackages();
const sources = new URL('./typescript-sources.mjs', import.meta.url).href;
const options = ['--conditions=@hearken/source', '--import', sources, 'fuzz/main.ts'];
process.exitCode = run(process.execPath, [...options, ...process.argv.slice(2)]);
