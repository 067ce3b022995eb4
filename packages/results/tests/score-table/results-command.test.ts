import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type MadeResult, resultDocument } from '../../../../tests/support/made-results.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const newFolder = temporaryFolders();

interface Extra extends MadeResult {
  readonly score: number | null;
  readonly context?: Readonly<Record<string, unknown>>;
}

async function folderOf(results: Readonly<Record<string, Extra | string>>): Promise<string> {
  const folder = await newFolder();
  for (const [name, made] of Object.entries(results)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), typeof made === 'string' ? made : JSON.stringify(documentOf(made)));
  }
  return folder;
}

function documentOf({ context, ...made }: Extra) {
  const document = resultDocument(made);
  const { [document.metric]: score } = document.scores as Record<string, object>;
  const folds = [{ ...document.folds[0], rows: 12 }];
  return { ...document, folds, scores: { [document.metric]: { ...score, ...context } } };
}

const exact = 0.1 + 0.2;
const usual = {
  'a/tones.json': { model: 'small', score: exact, context: { clips: 40, groups: 12, chance: 0.25 } },
  'b/tones.json': { model: 'large', score: 0.9 },
  'b/speech.json': { model: 'large', task: 'speech-v1-full', score: null, trainFraction: 0.5 },
} satisfies Record<string, Extra>;

const show = async (results: Parameters<typeof folderOf>[0], ...args: string[]) => {
  const folder = await folderOf(results);
  return { ...(await hearken('results', folder, ...args)), folder };
};

describe('hearken results', () => {
  it('shows a row a score, with n, interval and level', async () => {
    const { status, out } = await show(usual);
    expect(status).toBe(0);
    const rows = out.split('\n').filter((line) => line.includes('made:'));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/made:large │ speech-v1-full │ top1_acc │ mlp .*│ +0.5 │ +- │ +- │ +12 │/);
    // Scores of one task and metric: the best first.
    expect(rows[1]).toMatch(/made:large │ tones-v1-full .*0.9000 │ +0.8500 to 0.9500 \(95%\) │ +12 │ +- │ +- │/);
    expect(rows[2]).toMatch(/made:small │ tones-v1-full .*0.3000 │ .* │ +40 │ +12 │ +0.2500 │ .*a\/tones.json/);
  });

  it('gives exact numbers to other programs, the same in every format', async () => {
    const json = await show(usual, '--format', 'json', '--task', 'tones');
    const rows = JSON.parse(json.out) as Record<string, string | number | boolean | null>[];
    expect(rows[1]).toMatchObject({
      ...{ model: 'made:small', task: 'tones-v1-full', metric: 'top1_acc', decides: true, probe: 'mlp', seed: 0 },
      ...{ train_fraction: 1, score: exact, clips: 40, groups: 12, low: exact - 0.05, confidence: 0.95, chance: 0.25 },
      file: join(json.folder, 'a/tones.json'),
    });
    expect(rows[0]).toMatchObject({ groups: null, chance: null, clips: 12 });
    const csv = await hearken('results', json.folder, '--format', 'csv', '--task', 'tones');
    const parsed = parse(csv.out, { columns: true }) as unknown as Record<string, string>[];
    const texts = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? '' : String(value)])),
    );
    expect(parsed).toEqual(texts);
    const file = join(await newFolder(), 'scores.parquet');
    const parquet = await hearken('results', json.folder, '--format', 'parquet', '--task', 'tones', '--out', file);
    expect([parquet.status, parquet.out]).toEqual([0, '']);
    const bytes = await readFile(file);
    const read = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    });
    expect(read.map((row) => ({ ...row }))).toEqual(rows);
  });

  it('filters and sorts, and says what there is', async () => {
    const models = async (...args: string[]) => {
      const { out } = await show(usual, '--format', 'json', ...args);
      return (JSON.parse(out) as { model: string; task: string }[]).map(({ model, task }) => `${model} ${task}`);
    };
    expect(await models('--model', '*:l*')).toEqual(['made:large speech-v1-full', 'made:large tones-v1-full']);
    expect(await models('--sort', 'score')).toEqual([
      'made:large tones-v1-full',
      'made:small tones-v1-full',
      'made:large speech-v1-full',
    ]);
    const unknown = await show(usual, '--task', 'toens');
    expect([unknown.status, unknown.err]).toEqual([2, expect.stringMatching(/task 'toens'.*\n.*\n.*tones-v1-full/)]);
    const sorted = await show(usual, '--sort', 'scores');
    expect([sorted.status, sorted.err]).toEqual([2, expect.stringMatching(/did you mean 'score'/i)]);
    const both = await show(usual, '--task', 'speech', '--model', 'made:small');
    expect([both.status, both.err]).toEqual([2, expect.stringMatching(/no score that matches all of these/)]);
  });

  it('finds a custom checkpoint by what it was loaded as, and no model whose name only reads so', async () => {
    const results = {
      'a.json': { score: 0.5, plugin: 'efficientat', model: 'mn04_as', checkpointSha256: 'ab12cd34'.repeat(8) },
      'b.json': { score: 0.6, plugin: 'other', model: 'x (sha256 ab12cd34, as efficientat:mn04_as)' },
    };
    for (const pattern of ['efficientat', 'efficientat:mn04_as', 'effi*', 'a checkpoint*']) {
      const { out } = await show(results, '--format', 'json', '--model', pattern);
      expect(JSON.parse(out), pattern).toMatchObject([
        { model: 'a checkpoint (sha256 ab12cd34, as efficientat:mn04_as)', score: 0.5 },
      ]);
    }
  });

  it('tells checkpoints of one name apart', async () => {
    const { out } = await show({
      'a.json': { score: 0.5, checkpointSha256: 'ab12cd34'.repeat(8) },
      'b.json': { score: 0.6, checkpointSha256: 'ef56ab78'.repeat(8) },
    });
    expect(out).toMatch(/made:small \(ef56ab78\)[^]*made:small \(ab12cd34\)/);
    const options = await show({ 'a.json': { score: 0.5 }, 'b.json': { score: 0.6, options: { bands: 16 } } });
    expect(options.out).toMatch(/made:small {"bands":16} │[^]*made:small +│/);
  });

  it('names damaged results, which hide no others', async () => {
    const noModel = JSON.stringify({ ...resultDocument({ score: 0.5 }), model: undefined });
    const others = { 'bad/cut.json': '{"schemaVersion": 1,', 'bad/model.json': noModel, 'bad/package.json': '{}' };
    const { status, out, err } = await show({ ...usual, ...others });
    expect([status, out.split('made:').length]).toEqual([1, 4]);
    expect(err).toMatch(/cut.json was skipped: not valid JSON/);
    expect(err).toMatch(/model.json was skipped: model is missing, expected an object/);
    expect(err).toMatch(/1 JSON files that are not results were skipped/);
    const none = await show({ 'x.json': '{}' });
    expect([none.status, none.err]).toEqual([2, expect.stringMatching(/none: '.*x.json' is not a result/)]);
  });

  it('lets no name of a result become a formula, markup or a command', async () => {
    const evil = { 'a.json': { score: 0.5, plugin: '=HYPERLINK("x")', model: 'a|b_\\input{c}$<b>\u001b[31m' } };
    const csv = (await show(evil, '--format', 'csv')).out;
    expect(csv.split('\n')[1]).toMatch(/^"'=HYPERLINK\(""x""\):a\|b/);
    const markdown = (await show(evil, '--format', 'markdown')).out;
    expect(markdown.split('\n')[2]).toContain('a\\|b\\_\\\\input\\{c\\}\\$\\<b\\>');
    const latex = (await show(evil, '--format', 'latex')).out;
    expect(latex).toContain('a\\textbar{}b\\_\\textbackslash{}input\\{c\\}\\$\\textless{}b\\textgreater{}');
    expect(latex).toMatch(/\\begin\{tabular\}\{llllr+l\}\n\\toprule\n[^]*\\bottomrule\n\\end\{tabular\}\n$/);
    expect((await show(evil)).out).not.toContain('\u001b');
  });
});
