// `npm run fuzz`: runs every reader on almost valid inputs and reports what happened.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Findings } from './engine/findings.js';
import { runTarget, type RunLimits, type TargetReport } from './engine/run-target.js';
import { reportTable } from './engine/report-table.js';
import { targets } from './targets/index.js';

const help = `npm run fuzz -- [options]

  --target NAME    run only this target; can be repeated
  --list           list the targets
  --seconds N      time for each target; default 10
  --runs N         number of inputs for each target, without a time limit
  --seed N         seed of the first input; on its own, runs only this input, to repeat a finding
  --jobs N         targets at a time; default: one per processor
  --hang N         seconds of processor time for one input; default 20
  --memory N       MiB of memory for a process; default 2048
  --out FOLDER     folder for findings; default fuzz/findings
`;

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    list: { type: 'boolean' },
    help: { type: 'boolean' },
    seconds: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    jobs: { type: 'string' },
    hang: { type: 'string' },
    memory: { type: 'string' },
    out: { type: 'string' },
  },
});
const numbers = ['seconds', 'runs', 'seed', 'jobs', 'hang', 'memory'] as const;

const number = (name: (typeof numbers)[number]) => (values[name] === undefined ? undefined : Number(values[name]));

process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help === true) return say(help);
  if (values.list === true) return say(`${targets.map(({ name }) => name).join('\n')}\n`);
  const unknown = values.target?.find((name) => !targets.some((target) => target.name === name));
  const wrong = numbers.find((name) => number(name) !== undefined && !(number(name)! >= 0));
  if (unknown !== undefined || wrong !== undefined) {
    process.stderr.write(
      unknown === undefined ? `--${wrong} is not a number\n` : `there is no target '${unknown}': see --list\n`,
    );
    return 2;
  }
  const isSingle = values.seed !== undefined && values.runs === undefined && values.seconds === undefined;
  const runs = isSingle ? 1 : number('runs');
  const limits: RunLimits = {
    seed: number('seed') ?? Math.floor(Date.now() / 1000) * 1e6,
    runs,
    seconds: number('seconds') ?? (runs === undefined ? 10 : undefined),
    hangSeconds: number('hang') ?? 20,
    memory: (number('memory') ?? 2048) * 2 ** 20,
  };
  const findings = new Findings(resolve(values.out ?? 'fuzz/findings'));
  process.stdout.write(`seeds from ${limits.seed} on\n`);
  const left = targets.filter(({ name }) => values.target?.includes(name) ?? true);
  const reports: TargetReport[] = [];
  const module = new URL('./targets/index.ts', import.meta.url).href;
  const work = async () => {
    for (let target = left.shift(); target !== undefined; target = left.shift()) {
      const report = await runTarget(target, module, limits, findings);
      reports.push(report);
      process.stdout.write(
        `${report.target}: ${report.inputs} inputs, ${report.wrong} wrong, ${report.hangs + report.ends} hangs or ends\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: number('jobs') ?? availableParallelism() }, work));
  process.stdout.write(`\n${reportTable(reports, targets)}`);
  for (const { finding, count } of findings.distinct()) {
    const again = `npm run fuzz -- --target ${finding.target} --seed ${finding.seed}`;
    process.stdout.write(`\n${finding.target}: ${finding.kind}, ${count} times; ${again}\n${finding.error}\n`);
  }
  return findings.all.length === 0 ? 0 : 1;
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}
