// `npm run bench [-- part...]`: installs and builds what is missing, then measures.
import { buildPackages, checkNode, installPackages, run, stop } from './prepare.mjs';

checkNode();
installPackages();
if (buildPackages() !== 0) stop('the build failed: see above', 1);
process.exitCode = run(process.execPath, ['benchmarks/main.mjs', ...process.argv.slice(2)]);
