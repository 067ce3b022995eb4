// Prints speed and memory on this machine, with the targets and PyTorch's figures for the same work on a 2-core machine.
// Times are medians after a warm-up; on a busy machine only ratios within one run are meaningful.
import { availableParallelism, cpus } from 'node:os';
import Table from 'cli-table3';
import { clusterRows } from './cluster.mjs';
import { efficientatRows } from './efficientat.mjs';
import { machineRows } from './machine.mjs';
import { probeRows } from './probe.mjs';
import { trainRows } from './train.mjs';
import { hearRows, hubertRows, patchmixRows } from './transformers.mjs';
import { webRows } from './web.mjs';

const parts = {
  machine: machineRows,
  efficientat: efficientatRows,
  probe: probeRows,
  hear: hearRows,
  patchmix: patchmixRows,
  'hubert-ecg': hubertRows,
  train: trainRows,
  web: webRows,
  cluster: clusterRows,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`benchmark ${unknown.join(', ')}: no such part; known: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

console.log(
  `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} threads, Node.js ${process.version}`,
);
const table = new Table({ head: ['what', 'measured', 'target', 'PyTorch'], style: { head: [], border: [] } });
for (const [name, rows] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for await (const { what, value, unit, target, pytorch } of rows()) {
    process.stderr.write(`${what}: ${value.toFixed(1)} ${unit}\n`);
    table.push([what, `${value.toFixed(1)} ${unit}`, target ?? '', pytorch ?? '']);
  }
}
console.log(table.toString());
