import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileError } from '@hearken/core';
import { makeProfile } from '@hearken/results/internal';
import { writeProfile } from '@hearken/results/internal/node';
import { measuredProcess } from '../../results/tests/profile/measured-process.js';
import { makeReport } from '../src/make-report.node.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { hearken } from '../../../tests/support/run-hearken.js';
import {
  resultDocument,
  writeAnsweredResult,
  writeMadeResults,
  writeResult,
} from '../../../tests/support/made-results.js';

const temporaryFolder = temporaryFolders();
let folder: string;
let results: string;
let out: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  results = join(folder, 'results');
  out = join(folder, 'site');
});

const read = (path: string) => readFile(join(out, path), 'utf8');

describe('makeReport', () => {
  it('writes pages, pictures and data', async () => {
    await writeMadeResults(results);
    const report = await makeReport({ results: [results], out, withPublished: false });
    expect(report).toMatchObject({ models: 3, tasks: 3, index: join(out, 'index.html') });
    const pages = await Promise.all(['models', 'tasks'].map(async (name) => (await readdir(join(out, name))).sort()));
    expect(pages).toEqual([
      ['large', 'medium', 'small'].map((name) => expect.stringMatching(`^made-${name}-[0-9a-f]{8}\\.html$`) as string),
      ['esc-50.html', 'noises-v1-full.html', 'tones-v1-full.html'],
    ]);
    const slug = pages[0][2].replace('.html', '');
    const pictures = await readdir(join(out, 'pictures'));
    for (const name of [
      'our-heat-map',
      'heat-map',
      'categories',
      'our-critical-difference',
      'tones-v1-full-scores',
      'tones-v1-full-reliability',
      `tones-v1-full-${slug}-confusion`,
      'noises-v1-full-efficiency',
    ]) {
      expect(pictures).toContain(`${name}.svg`);
      expect(pictures).toContain(`${name}.csv`);
      expect(await read(`pictures/${name}.svg`)).toMatch(/^<svg [^>]*xmlns=.*<\/svg>\s*$/s);
    }
    const index = await read('index.html');
    for (const name of ['made:small', 'made:medium', 'made:large']) expect(index).toContain(name);
    // Every address is of a file in the folder.
    for (const [, address] of index.matchAll(/(?:href|src)="([^"#]*)"/g)) {
      if (!address.startsWith('data:')) await expect(read(address), address).resolves.toBeTruthy();
    }
  });

  it('shows what models cost, on which machines', async () => {
    await writeMadeResults(results);
    const none = await makeReport({ results: [results], out, withPublished: false });
    expect(await read('index.html')).not.toContain('Real-time factor');
    const { machine } = measuredProcess();
    const slow = measuredProcess({ realTimeFactor: 0.25, machine: { ...machine, processor: '<slow>' } });
    const model = { ...slow.model, model: 'medium', checkpointSha256: 'a'.repeat(64) };
    await writeProfile(results, makeProfile([slow], new Date('2026-01-01')));
    await writeProfile(results, makeProfile([measuredProcess()], new Date('2026-01-02')));
    await writeProfile(results, makeProfile([{ ...slow, model }], new Date('2026-01-03')));
    await writeFile(join(results, 'profile.00000000.json'), '{}');
    const report = await makeReport({ results: [results], out, withPublished: false });
    expect(report.notes).toEqual([
      'results/profile.00000000.json was left out: profileVersion is missing, expected 1',
      ...none.notes,
    ]);
    const index = await read('index.html');
    expect(index).toContain('A profile of made:medium is left out: no result has the same checkpoint and options.');
    expect(index).toMatch(/Real-time factor<\/button[^]*data-value="0\.01">0\.01<small>made up, 2 cores<\/small>/);
    expect(index).toContain('>191 MiB<');
    const [page] = (await readdir(join(out, 'models'))).filter((name) => name.startsWith('made-small'));
    const text = await read(`models/${page}`);
    expect(text).toContain('&lt;slow&gt;, 2 cores');
    expect(text).toContain('data-value="0.25"');
    const rows = JSON.parse(await read('data/models.json')) as Record<string, unknown>[];
    expect(rows.map((row) => [row.model, row.real_time_factor, row.peak_memory_bytes, row.profile_machine])).toEqual(
      expect.arrayContaining([
        ['made:small', 0.01, 200_000_000, 'made up, 2 cores'],
        ['made:large', null, null, null],
      ]),
    );
  });

  it('writes the same numbers as JSON, CSV and Parquet', async () => {
    await writeMadeResults(results);
    await makeReport({ results: [results], out });
    const json = JSON.parse(await read('data/leaderboard.json')) as Record<string, unknown>[];
    const csv: Record<string, string>[] = parse(await read('data/leaderboard.csv'), { columns: true });
    const bytes = await readFile(join(out, 'data/leaderboard.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const parquet = await parquetReadObjects({ file });
    expect(json.length).toBeGreaterThan(500);
    const ours = (row: Record<string, unknown>) => row.origin === 'ours' && row.model === 'made:large';
    expect(json.filter(ours).map(({ task, score }) => [task, score])).toEqual([
      ['noises-v1-full', expect.closeTo(0.85, 12)],
      ['tones-v1-full', 0.75],
      ['ESC-50', expect.closeTo(0.9, 12)],
    ]);
    expect(json.find((row) => ours(row) && row.task === 'ESC-50')!.normalized).toBeCloseTo(0.9 / 0.947499991, 12);
    expect(parquet).toHaveLength(json.length);
    expect(csv).toHaveLength(json.length);
    json.forEach((row, index) => {
      expect(parquet[index].score).toBe(row.score);
      expect(Number(csv[index].score)).toBe(row.score);
      expect(parquet[index].model).toBe(row.model);
    });
    const models = JSON.parse(await read('data/models.json')) as Record<string, unknown>[];
    const mean = (name: string) => 100 * (models.find(({ model }) => model === name)!.normalized_mean as number);
    expect(mean('OpenL3').toFixed(2)).toBe('75.52');
  });

  it('escapes what files say, in pages, pictures and formulas', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'</script><script>alert(2)</script>';
    await writeResult(join(results, 'a.json'), { plugin: evil, model: '=1+1' });
    await writeResult(join(results, 'b.json'), { plugin: '=cmd', model: 'b' });
    await makeReport({ results: [results], out, withPublished: false });
    for (const page of ['index.html', 'tasks/tones-v1-full.html', 'pictures/tones-v1-full-scores.svg']) {
      const text = await read(page);
      expect(text).not.toMatch(/<img|<script>alert|<script[^>]*>alert/);
      expect(text).toContain('&lt;img src=x onerror');
    }
    const models = await read('data/models.csv');
    expect(models).toContain("'=cmd:b");
  });

  it('marks results of other versions and of other content', async () => {
    await writeResult(join(results, 'new.json'), { model: 'new', version: '0.10.0' });
    await writeResult(join(results, 'more.json'), { model: 'more', version: '0.10.0' });
    await writeResult(join(results, 'old.json'), { model: 'old', version: '0.9.0', contentHash: 'b'.repeat(64) });
    await makeReport({ results: [results], out, withPublished: false });
    const index = await read('index.html');
    expect(index).toContain('This table has results of 2 versions of hearken (0.10.0, 0.9.0)');
    const rows = index.split('<tr').filter((row) => row.includes('made:'));
    const marked = rows.filter((row) => row.includes('class="mark"'));
    expect(marked).toHaveLength(1);
    expect(marked[0]).toContain('computed by hearken 0.9.0; another version of the task');
    expect(marked[0]).toContain('made:old');
  });

  it('takes names and notes from a file', async () => {
    await writeResult(join(results, 'a.json'), { checkpointSha256: 'abcdef0123' });
    await writeResult(join(results, 'b.json'), { model: 'other' });
    const names = join(folder, 'names.json');
    await writeFile(
      names,
      JSON.stringify({ 'made:small@abcdef': { name: 'Mine', note: 'made-up weights' }, 'made:other': 'Theirs' }),
    );
    await makeReport({ results: [results], out, names, withPublished: false });
    const index = await read('index.html');
    expect(index).toContain('>Mine</a>');
    expect(index).toContain('made-up weights');
    expect(index).toContain('>Theirs</a>');
    for (const text of ['[1]', '{', '{"made:small": 5}', '{"made:small": {"name": 5}}']) {
      await writeFile(names, text);
      await expect(makeReport({ results: [results], out, names }), text).rejects.toThrow(FileError);
    }
  });

  it('says what it left out, without the way to it', async () => {
    await writeAnsweredResult(join(results, 'm', 'good.json'), {});
    await writeResult(join(results, 'm', 'alone.json'), { model: 'alone' });
    await writeFile(join(results, 'm', 'broken.json'), '{"schemaVersion": 1,');
    await writeFile(join(results, 'm', 'other.json'), JSON.stringify({ ...resultDocument(), metric: 'guesses' }));
    const { notes, models } = await makeReport({ results: [results], out, withPublished: false });
    expect(models).toBe(2);
    expect(notes.join('\n')).toMatch(/m\/broken\.json was left out: not valid JSON/);
    expect(notes.join('\n')).toMatch(
      /m\/other\.json was left out: scores has .*, but lacks the deciding metric 'guesses'/,
    );
    expect(notes.join('\n')).toMatch(/answers of made:alone: the files next to m\/alone\.json/);
    expect(await read('index.html')).not.toContain(folder);
  });

  it('replaces an earlier report, and nothing else', async () => {
    await writeResult(join(results, 'a.json'), {});
    await makeReport({ results: [results], out, withPublished: false });
    await writeResult(join(results, 'a.json'), { model: 'new' });
    await makeReport({ results: [results], out, withPublished: false });
    expect(await readdir(join(out, 'models'))).toEqual([expect.stringMatching(/^made-new-[0-9a-f]{8}\.html$/)]);
    const other = join(folder, 'other');
    await mkdir(other);
    await writeFile(join(other, 'thesis.txt'), 'mine');
    await expect(makeReport({ results: [results], out: other })).rejects.toThrow(/other files/);
    await expect(makeReport({ results: [other], out })).rejects.toThrow(/no JSON files/);
  });

  it('shows a test across groups as a task of its own', async () => {
    await writeResult(join(results, 'a.json'), { task: 'esc50-v2.0.0-full', score: 0.9 });
    const across = resultDocument({ task: 'esc50-v2.0.0-full', score: 0.5 });
    const evaluation = { ...across.evaluation, generalization: { column: 'device', train: ['a'], test: ['b'] } };
    await writeFile(join(results, 'b.json'), JSON.stringify({ ...across, evaluation }));
    await makeReport({ results: [results], out, withPublished: false });
    const rows = JSON.parse(await read('data/leaderboard.json')) as Record<string, unknown>[];
    expect(rows.map(({ task, score, normalized }) => [task, score, normalized === null])).toEqual([
      ['esc50-v2.0.0-full across device', 0.5, true],
      ['ESC-50', 0.9, false],
    ]);
  });

  it('shows results of one task by several metrics in a column each, under their own names', async () => {
    await writeResult(join(results, 'a.json'), { model: 'one', score: 0.9 });
    await writeResult(join(results, 'b.json'), { model: 'one', metric: 'uar', metricVersion: '1.0.0', score: 0.4 });
    await writeResult(join(results, 'c.json'), { model: 'two', metric: 'uar', metricVersion: '1.0.0', score: 0.5 });
    await makeReport({ results: [results], out, withPublished: false });
    const rows = JSON.parse(await read('data/leaderboard.json')) as Record<string, unknown>[];
    expect(rows.map(({ model, task, metric, score }) => [model, task, metric, score])).toEqual([
      ['made:one', 'tones-v1-full', 'top1_acc', 0.9],
      ['made:one', 'tones-v1-full (uar)', 'uar', 0.4],
      ['made:two', 'tones-v1-full (uar)', 'uar', 0.5],
    ]);
    expect(await read('tasks/tones-v1-full.html')).toContain('Metric: top1_acc');
    expect(await read('tasks/tones-v1-full.html')).not.toContain('made:two');
    const page = await read('tasks/tones-v1-full-uar.html');
    expect(page).toContain('Metric: uar (uar, made up; custom metric, version 1.0.0');
    expect(await read('pictures/tones-v1-full-scores.csv')).not.toContain('0.4');
    expect(await read('pictures/our-categories-uar-1-0-0.csv')).toContain('made:one,0.4');
    expect(await read('pictures/our-categories-top1-acc.csv')).toContain('made:one,0.9');
  });

  it('tells models apart by the options that differ, and keeps their addresses', async () => {
    const options = { melBands: 64, window: 'hann' };
    await writeResult(join(results, 'a.json'), { options });
    await makeReport({ results: [results], out, withPublished: false });
    expect(await read('index.html')).toContain('>made:small</a>');
    const [alone] = await readdir(join(out, 'models'));
    expect(await read(`models/${alone}`)).toContain('<dd>melBands 64, window hann</dd>');
    await writeResult(join(results, 'b.json'), { options: { ...options, melBands: 16 } });
    await makeReport({ results: [results], out, withPublished: false });
    const index = await read('index.html');
    expect(index).toMatch(/>made:small \(melBands 64\)<[^]*>made:small \(melBands 16\)</);
    expect(index).not.toMatch(/hann|\{&quot;/);
    expect(await read('pictures/tones-v1-full-scores.svg')).toContain('made:small (melBands 16)');
    const pages = await readdir(join(out, 'models'));
    expect(pages).toHaveLength(2);
    expect(pages).toContain(alone);
  });

  it("shows a model's own head as a kind of its own", async () => {
    await writeResult(join(results, 'probe.json'), {});
    await writeResult(join(results, 'head.json'), { probe: 'head' });
    await makeReport({ results: [results], out, withPublished: false });
    const rows = (await read('index.html')).split('<tr').filter((row) => row.includes('>made:small'));
    expect(rows).toHaveLength(2);
    const ofHead = rows.filter((row) => row.includes('class="badge">pretrained head'));
    expect(ofHead).toHaveLength(1);
    expect(ofHead[0]).toContain('without training a probe');
  });

  it('does not bury results on tasks of one’s own under published rows', async () => {
    const modelsOf = async (task: string, withPublished?: boolean) => {
      const own = join(folder, task);
      await writeResult(join(own, 'a.json'), { task, score: 0.75 });
      const site = join(folder, `site-${task}-${String(withPublished)}`);
      const report = await makeReport({ results: [own], out: site, withPublished });
      return { models: report.models, page: await readFile(report.index, 'utf8') };
    };
    const own = await modelsOf('tones-v1-full');
    expect(own.models).toBe(1);
    expect(own.page).toContain('published rows are left out');
    expect((await modelsOf('tones-v1-full', true)).models).toBeGreaterThan(30);
    const hear = await modelsOf('esc50-v2.0.0-full');
    expect([hear.models > 30, hear.page.includes('published rows are left out')]).toEqual([true, false]);
  });

  it('does not put a task that only is named like one of HEAR’s beside published scores', async () => {
    const task = 'esc50-v2.0.0-full';
    await writeResult(join(results, 'a.json'), { task, labels: 6, clips: 120, score: 0.9 });
    // A few clips that could not be decoded make no other task.
    await writeResult(join(results, 'b.json'), { model: 'whole', task, clips: 1995, score: 0.8 });
    await makeReport({ results: [results], out });
    const rows = JSON.parse(await read('data/leaderboard.json')) as Record<string, unknown>[];
    const ours = rows.filter(({ origin }) => origin === 'ours');
    const why = 'not comparable with published scores of ESC-50: 6 labels instead of 50, 120 clips instead of 2000';
    expect(ours.map((row) => [row.model, row.task, row.normalized !== null, row.marks])).toEqual([
      ['made:whole', 'ESC-50', true, null],
      ['made:small', task, false, why],
    ]);
    expect(await read('index.html')).toContain(`Task ${task} is ${why}. It has a separate column.`);
  });

  it('goes on without a score, and with none but an undefined one', async () => {
    await writeResult(join(results, 'a.json'), { score: null });
    const { models } = await makeReport({ results: [results], out, withPublished: false });
    expect(models).toBe(1);
  });
});

describe('hearken report', () => {
  it('says where the page is', async () => {
    await writeResult(join(results, 'a.json'), {});
    const { status, out: text } = await hearken('report', results, '--out', out, '--no-published', '--no-maps');
    expect(status).toBe(0);
    expect(text).toContain(`${join(out, 'index.html')}: 1 models, 1 tasks`);
  });

  it('refuses a folder without results', async () => {
    const { status, err } = await hearken('report', join(folder, 'nothing'), '--out', out);
    expect(status).toBe(2);
    expect(err).toContain('no such file or folder');
  });
});
