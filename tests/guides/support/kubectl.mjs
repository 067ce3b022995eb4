// What the Kubernetes guide needs of `kubectl`, without a cluster: it says what a cluster that takes the manifests would say.
// Whether a cluster would take them is a test of its own.
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const [command, ...words] = process.argv.slice(2);
const files = words.filter((_, index) => words[index - 1] === '--filename');

switch (command) {
  case 'apply':
    say(files, 'created');
    break;
  case 'delete':
    say(files, 'deleted');
    break;
  case 'create':
    console.log(`${words[0]}/${words[0] === 'secret' ? words[2] : words[1]} created`);
    break;
  case 'wait':
    console.log(`${words.at(-1).replace(/^job\//, 'job.batch/')} condition met`);
    break;
  case 'exec':
    break;
  default:
    console.error(`kubectl ${command}: the guides do not use it`);
    process.exitCode = 1;
}

/** A line for each object, as `kubectl` names it: the kind, the group of its API, and its name. */
function say(paths, what) {
  for (const document of paths.flatMap((path) => parseAllDocuments(readFileSync(path, 'utf8')))) {
    const { apiVersion, kind, metadata } = document.toJS();
    const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [];
    console.log(`${kind.toLowerCase()}${group === undefined ? '' : `.${group}`}/${metadata.name} ${what}`);
  }
}
