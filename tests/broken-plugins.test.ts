// The messages for authors of plugins: third-party packages and the built command. Needs `npm run build`; `npm test`
// runs it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, ValidationReport } from '../packages/bench/src/validate/finding.js';
import { type BrokenPlugin, brokenPlugins, writePlugin } from './support/stranger-plugins.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = join(root, 'packages/bench/bin/hearken.js');
const isBuilt = existsSync(join(root, 'packages/bench/dist/cli/shell.node.js'));

/** The outcome of `hearken validate`. */
interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearken-strangers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function validate(name: string, plugin: BrokenPlugin, ...flags: string[]): Promise<Outcome> {
  const place = await writePlugin(join(folder, name.replaceAll(' ', '-')), plugin);
  return new Promise((resolve, reject) => {
    const text = { out: '', err: '' };
    const child = spawn(process.execPath, [command, 'validate', place, ...flags], { cwd: folder });
    child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, ...text });
    });
  });
}

/** The checks of a model that an answer of another size or type fails as well. */
const whatNeedsScenes = [
  'different signals have different embeddings',
  'the same signal twice has the same embedding',
  'an embedding does not depend on its batch',
  'the signals are not modified',
  'silence has finite embeddings',
  "HEAR's lengths of 1.07, 1.98, 2.74 and 4 s are embedded",
  'odd and prime lengths are embedded',
  'memory does not grow over 100 calls',
];

type Told = Partial<Record<'name' | 'expected' | 'found' | 'fix', string | RegExp>>;

/** The reasons reported for each plugin, in order, and what else fails for one of them. */
const contracts: Partial<Record<keyof typeof brokenPlugins, { reasons: readonly Told[]; same?: readonly string[] }>> = {
  'wrong shape': {
    reasons: [
      {
        name: 'scene embeddings are finite float32 of the declared shape',
        expected: 'scene embeddings [3, 4]: one row per signal, with sceneEmbeddingSize values each',
        found: '13 values instead of 12',
        fix: 'return rows of that size, or declare the actual sceneEmbeddingSize',
      },
    ],
    same: whatNeedsScenes,
  },
  'float64 embeddings': {
    reasons: [
      {
        name: 'scene embeddings are finite float32 of the declared shape',
        expected: 'scene embeddings as a Float32Array',
        found: 'a Float64Array',
        fix: /Float32Array\.from\(values\)/,
      },
    ],
    same: whatNeedsScenes,
  },
  'drifting timestamps': {
    reasons: [
      {
        name: 'timestamps of a long clip do not drift',
        expected: /about 124 ms before the end of a clip of 12 s/,
        found: /^504 ms before it, a drift of about 4\.1 %$/,
        fix: /from its sample position.*not from a rounded hop/,
      },
    ],
    same: ['timestamps reach the end of the signal'],
  },
  'batch-dependent': {
    reasons: [
      {
        name: 'an embedding does not depend on its batch',
        expected: 'the same scene embedding of signal 1 in a batch as when it is embedded alone',
        found: /^values that differ by up to [\d.]+, where [\d.]+ is allowed$/,
        fix: /scale and pad each signal separately/,
      },
    ],
  },
  'NaN on silence': {
    reasons: [
      {
        name: 'silence has finite embeddings',
        expected: 'finite scene embeddings of silence',
        found: 'NaN or infinity',
        fix: /keep logarithms and divisions away from zero/,
      },
    ],
  },
  'leaking memory': {
    reasons: [
      {
        name: 'memory does not grow over 100 calls',
        found: /^(?:1\.\d|0\.9\d) MiB more with every call .* in JavaScript values$/,
        fix: /keep nothing after a call/,
      },
    ],
  },
  'lying sizes': {
    reasons: [
      {
        name: 'sizes and sample rate are positive integers and match the metadata',
        expected: "sceneEmbeddingSize 4, as in the metadata of 'small'",
        found: '8',
        fix: /make the metadata and the embedder agree/,
      },
      {
        name: 'scene embeddings are finite float32 of the declared shape',
        expected: /^scene embeddings \[3, 8\]/,
        found: '12 values instead of 24',
      },
    ],
    same: whatNeedsScenes,
  },
};

/** What cannot be checked, and the message for it. */
const refusals: Partial<Record<keyof typeof brokenPlugins, readonly RegExp[]>> = {
  'throws on load': [
    /^Error: to load model 'my-model:small'$/m,
    /^ {2}found: {2}the plugin's load function throws: TypeError: weights\.bin: cannot read it \(index\.mjs:\d+:\d+\)$/m,
    /^ {2}to do: {2}pass what it needs with --checkpoint and --options, or fix it/m,
  ],
  'no exports': [
    /^Error: a plugin from '.*no-exports'$/m,
    /no default export that is a plugin definition, but no exports/,
    /to do: {2}export the result of definePlugin\(\{ name, version, description, models, load \}\) as default/,
  ],
  'wrong core major': [
    /^Error: plugin hearken-plugin-my-model 1\.0\.0$/m,
    /found: {2}built for @hearken\/core \^7\.2\.0, but this is \d.*wrong-core-major/,
    /to do: {2}install a version of it for @hearken\/core \d/,
  ],
};

describe.skipIf(!isBuilt)('a plugin of a stranger', () => {
  it('is made up for everything that can be wrong', () => {
    expect([...Object.keys(contracts), ...Object.keys(refusals)].sort()).toEqual(Object.keys(brokenPlugins).sort());
    expect(Object.keys(brokenPlugins)).toHaveLength(10);
  });

  it('passes where nothing is wrong', async () => {
    const { status, out } = await validate('good', {});
    expect(out).toMatch(/^my-model:small: 4\d checks passed, 0 failed$/m);
    expect(out).not.toMatch(/FAILED|advice/);
    expect(status).toBe(0);
  });

  it.each(Object.entries(contracts))('%s: told as it is', async (name, { reasons, same = [] }) => {
    const broken: BrokenPlugin = brokenPlugins[name as keyof typeof brokenPlugins];
    const { status, out } = await validate(name, broken, '--json');
    expect(status).toBe(1);
    const report = JSON.parse(out) as ValidationReport;
    const bad = report.findings.filter(({ passed }) => !passed);
    const first = bad.filter(({ sameReasonAs }) => sameReasonAs === undefined);
    expect(first.map((finding) => finding.name)).toEqual(reasons.map((reason) => reason.name));
    // The first line that is not a pass is a reason, not a consequence of one.
    expect(bad[0].name).toBe(reasons[0].name);
    for (const [index, reason] of reasons.entries()) expectTold(first[index], reason);
    const rest = bad.filter(({ sameReasonAs }) => sameReasonAs !== undefined);
    expect(rest.map((finding) => finding.name)).toEqual(same);
    expect(rest.every(({ sameReasonAs }) => sameReasonAs === reasons.at(-1)?.name)).toBe(true);
  });

  it.each(Object.entries(refusals))('%s: refused in one message', async (name, messages) => {
    const { status, out, err } = await validate(name, brokenPlugins[name as keyof typeof brokenPlugins]);
    expect(status).toBe(2);
    expect(out).toBe('');
    for (const message of messages) expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(3);
  });

  it('is told in lines that a narrow terminal shows whole, reasons after what passed, and counts last', async () => {
    const { out } = await validate('in-text', brokenPlugins['wrong shape']);
    const lines = out.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const order = lines.map((line) => /^(passed|FAILED|advice) /.exec(line)?.[1]).filter((word) => word !== undefined);
    expect(order.lastIndexOf('passed')).toBeLessThan(order.indexOf('FAILED'));
    expect(order.filter((word) => word === 'FAILED')).toHaveLength(1);
    expect(out).toMatch(/^ {2}and so: {3}8 more did not pass for this reason: different signals have$/m);
    expect(lines.at(-1)).toBe('my-model:small: 31 checks passed, 9 failed for 1 reason');
    expect(out).not.toContain('\u001b');
  });
});

function expectTold(finding: Finding, told: Told): void {
  for (const part of ['expected', 'found', 'fix'] as const) {
    const wanted = told[part];
    if (wanted instanceof RegExp) expect(finding[part]).toMatch(wanted);
    else if (wanted !== undefined) expect(finding[part]).toBe(wanted);
  }
  expect(finding.why.length).toBeGreaterThan(20);
}
