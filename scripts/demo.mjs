// `npm run demo`: installs what is missing, builds what is stale, and runs the demo on small generated tasks.
import { buildPackages, checkNode, installPackages, root, run, stop } from './prepare.mjs';

checkNode();
installPackages();
if (buildPackages() !== 0) stop('the build failed: see the lines above', 1);
const args = process.argv.slice(2);
const out = args.some((arg) => arg === '--out' || arg.startsWith('--out=')) ? [] : ['--out', 'results'];
process.exitCode = run(process.execPath, [`${root}/packages/bench/bin/hearken.js`, 'demo', ...out, ...args]);
