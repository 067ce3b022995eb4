// A worker in a process of its own, as it is built; its options are the only argument.
import { runWorkerWith } from '@hearken/cluster/internal';

const { lockDuration, ...options } = JSON.parse(process.argv[2]);
await runWorkerWith({ ...options, say: (line) => process.stderr.write(`${line}\n`) }, { lockDuration });
