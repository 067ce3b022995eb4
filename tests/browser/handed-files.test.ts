// Files from other programs, and files that failed once, read by the readers for pages: `handed-files.test.ts` in
// Chromium.
import { basename, relative, sep } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaseTable } from '../support/case-table.js';
import { caseTitle, fixturesFiles, problemsOf, type Outcome } from '../support/file-cases.js';
import {
  attackCases,
  faultCases,
  faultsFolder,
  fixtureCases,
  recordFiles,
  type HandedCase,
} from '../support/handed-files.js';
import { mixedCase } from '../support/mixed-case.js';
import type { ReadAnswer, ReadRequest } from './bench-page/calls.js';
import { buildPage } from './build-page.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { serve, type Site } from './serve.js';

type PageFileCase = HandedCase & { readonly kind: 'audio' | 'ecg' };

const cases = [...fixtureCases(), ...faultCases(), ...attackCases()].filter(
  (one): one is PageFileCase => one.kind === 'audio' || one.kind === 'ecg',
);
const folders: Readonly<Record<string, string>> = { fixtures: fixturesFiles(), faults: faultsFolder };

function urlOf(path: string): string {
  const [name, folder] = Object.entries(folders).find(([, one]) => !relative(one, path).startsWith('..'))!;
  const parts = relative(folder, path).split(sep).map(encodeURIComponent);
  return ['', name, ...parts].join('/');
}

describeInChromium('the readers of pages', () => {
  let folder: string;
  let browser: Browser;
  let site: Site;
  let page: Page;
  const table = new CaseTable('in Chromium');

  beforeAll(async () => {
    folder = await buildPage('tests/browser/bench-page');
    browser = await launchChromium();
    site = await serve({ isolated: false, folders: { '': folder, ...folders } });
    page = await browser.newPage();
    await page.goto(`${site.url}/`);
    await page.waitForFunction(() => 'call' in globalThis);
  });

  afterAll(async () => {
    table.print();
    await browser?.close();
    await site?.close();
  });

  async function read(request: ReadRequest): Promise<Outcome> {
    const answer = await page.evaluate(
      (given) =>
        (globalThis as unknown as { call: (...given: unknown[]) => Promise<ReadAnswer> }).call('worker', 'read', [
          given,
        ]),
      request,
    );
    if ('error' in answer) return answer;
    const { values, ...rest } = answer;
    const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
    const signal = new Float32Array(bytes.buffer);
    const count = answer.leads?.length ?? 1;
    const samples = signal.length / count;
    const channels = Array.from({ length: count }, (_, at) => signal.subarray(at * samples, (at + 1) * samples));
    return { ...rest, channels };
  }

  describe.each(['audio', 'ecg'] as const)('%s', (kind) => {
    const own = cases.filter((one) => one.kind === kind);
    it.each(own.map((one) => [`${one.part}/${caseTitle(one.right)}`, one] as const))('%s', async (name, one) => {
      const paths = kind === 'ecg' ? recordFiles(one.path) : [one.path];
      const { leads } = one.right.ask ?? {};
      const outcome = await read({ kind, urls: paths.map(urlOf), ...(leads && { leads }), sampleRate: one.sampleRate });
      const right = kind === 'audio' ? mixedCase(one.right) : one.right;
      const problems = problemsOf({ ...right, file: basename(right.file) }, outcome);
      table.add(name, outcome, problems);
      expect(problems).toEqual([]);
    });
  });
});
