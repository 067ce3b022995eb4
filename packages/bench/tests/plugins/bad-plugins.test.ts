// Packages that are not plugins, or broken ones: each is reported in one message, and does not affect other plugins.
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeRegistry } from '../../src/plugins/plugins.node.js';
import { fakePlugin } from '../../../../tests/support/fake-run.js';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const start = process.cwd();
afterEach(() => {
  process.chdir(start);
});

const models = '{ small: { description: "x", sampleRate: 8000, channels: 1, embeddingSize: 4 } }';

/** A package in a new folder; `manifest` and `module` are written unchanged if they are text. */
async function packageFolder(manifest: object | string, module?: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'package.json'), typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  if (module === undefined) await cp(fakePlugin, join(folder, 'index.mjs'));
  else await writeFile(join(folder, 'index.mjs'), module);
  return folder;
}

async function refusal(folder: string): Promise<string> {
  const error: unknown = await createNodeRegistry()
    .resolve(folder)
    .catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'PLUGIN' });
  return String(error);
}

const entry = { name: 'hearken-plugin-x', version: '1.0.0', exports: './index.mjs' };

describe('a package folder', () => {
  it('says what was looked for and what is there', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'notes.txt'), '');
    expect(await refusal(folder)).toMatch(
      /no package\.json; the folder holds "notes\.txt"; a plugin is a package folder whose package\.json names a module in exports.*default export has name, version, models and load/,
    );
    await mkdir(join(folder, 'package.json'));
    expect(await refusal(folder)).toMatch(/a package\.json that is not a regular file/);
  });

  it.each([
    ['{ "name": ', /a package\.json that is not valid JSON: /],
    ['[]', /a package\.json that is not an object/],
    ['null', /a package\.json that is not an object/],
    [
      JSON.stringify({ ...entry, description: 'x'.repeat(1 << 20) }),
      /a package\.json of \d{7} bytes, over the limit of 1048576/,
    ],
  ])('refuses a manifest %#', async (text, message) => {
    expect(await refusal(await packageFolder(text))).toMatch(message);
  });

  it.each<[unknown, RegExp]>([
    ['../../x.js', /"..\/..\/x\.js" in package\.json, which is outside the package/],
    ['..', /outside the package/],
    [{ '.': { default: './a/../../x.js' } }, /outside the package/],
    ['file:///etc/hosts', /outside the package/],
    ['node:fs', /outside the package/],
    [{ './sub': './index.mjs' }, /exports without a file for '\.' under node, import or default/],
    [{ require: './index.mjs' }, /exports without a file for '\.'/],
    [{ '.': null }, /exports without a file for '\.'/],
    ['./dist/index.js', /no file '.*dist.index\.js', which its package\.json names; build the package/],
  ])('refuses exports %j', async (exports, message) => {
    expect(await refusal(await packageFolder({ ...entry, exports }))).toMatch(message);
  });

  it('refuses a main outside of it, and conditions without end', async () => {
    expect(await refusal(await packageFolder({ name: 'x', main: '../../../etc/hosts' }))).toMatch(
      /outside the package/,
    );
    const deep = `{"name":"x","exports":${'{"default":'.repeat(20_000)}"./index.mjs"${'}'.repeat(20_000)}}`;
    expect(await refusal(await packageFolder(deep))).toMatch(/exports without a file/);
  });

  it('takes the first of a list of exports that is understood', async () => {
    const folder = await packageFolder({ ...entry, exports: [{ browser: './no.js' }, './index.mjs'] });
    expect((await createNodeRegistry().resolve(folder)).name).toBe('fake');
  });

  it.each([
    ['throw new Error("no \\u001b[31mGPU");', /importing it fails: Error: no .*GPU \(index\.mjs:1:7\); fix what/],
    ['throw "a string"', /importing it fails: a string was thrown, which is not an Error/],
    ['import "not-installed-anywhere";', /Cannot find package 'not-installed-anywhere'.*install its dependencies/],
    ['export default {', /importing it fails: .*(?:SyntaxError|JS syntax)/],
    ['', /no default export that is a plugin definition, but no exports; export the result of definePlugin/],
    ['export const plugin = {};', /but exports plugin;/],
    ['export default function plugin() {}', /but one of type function;/],
    [`export default { name: "x", version: "1", models: {}, load() {} }`, /: no models;/],
    [`export default { name: "x", version: "1", load() {} }`, /: no models;/],
    [
      `export default { name: "../../up", version: "1", models: ${models}, load() {} }`,
      /name "\.\.\/\.\.\/up", which is not/,
    ],
    [
      `export default { name: "\\u001b[2Jx", version: "1", models: ${models}, load() {} }`,
      /name "\\u001b\[2Jx", which is not/,
    ],
    [
      `export default { name: "x", version: "1", models: { a: { sampleRate: 1, channels: 1, embeddingSize: 1, license: 5 } }, load() {} }`,
      /license of type number for model 'a'/,
    ],
    [`export default { name: "x", version: "1", models: ${models} }`, /no load or loadModel function/],
  ])('refuses the module %s', async (module, message) => {
    expect(await refusal(await packageFolder(entry, module))).toMatch(message);
  });

  it('shows no escapes of a stranger to a terminal', async () => {
    const folder = await packageFolder(entry, 'throw new Error("\\u001b[2J\\u202egone\\u0007");');
    const { status, err } = await hearken('validate', folder);
    expect(status).toBe(2);
    expect(err).toContain('\\x1b[2J\\u{202e}gone\\x07');
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|\u202e/);
  });

  it('may be CommonJS, written so or compiled to it', async () => {
    const definition = `{ name: 'common', version: '1.0.0', description: 'x', models: ${models}, load() {} }`;
    const texts = {
      'plain.cjs': `module.exports = ${definition};`,
      'compiled.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${definition};`,
    };
    for (const [file, text] of Object.entries(texts)) {
      const folder = await packageFolder({ ...entry, exports: undefined, main: file });
      await writeFile(join(folder, file), text);
      expect((await createNodeRegistry().resolve(folder)).name).toBe('common');
    }
  });
});

it.each(['./model.safetensors', 'models/best.pt', 'best.pth', '/data/last.ckpt'])(
  'the checkpoint %s is told from a plugin, with what to do',
  async (path) => {
    expect(await refusal(path)).toContain('name the plugin that reads it');
    const { status, err } = await hearken('validate', path);
    expect(status).toBe(2);
    expect(err).toMatch(/found: {2}the name of a checkpoint, not of a plugin/);
    expect(err).toContain(`hearken validate PLUGIN --checkpoint ${path}`);
  },
);

/** What a package.json says about a plugin's models. */
function listed(plugin: string) {
  return { plugin, models: { small: { description: 'small', sampleRate: 16_000, channels: 1, embeddingSize: 4 } } };
}

describe('in node_modules', () => {
  async function install(project: string, name: string, change: { manifest?: object; module?: string } = {}) {
    const folder = join(project, 'node_modules', name);
    await mkdir(folder, { recursive: true });
    const manifest = { ...entry, name, keywords: ['hearken-plugin'], ...change.manifest };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    if (change.module === undefined) await cp(fakePlugin, join(folder, 'index.mjs'));
    else await writeFile(join(folder, 'index.mjs'), change.module);
    return folder;
  }

  it('bad ones take no other plugin down, and are told in a line each', async () => {
    const project = await temporaryFolder();
    const modules = join(project, 'node_modules');
    await install(project, 'hearken-plugin-good', { manifest: { hearken: listed('good') } });
    await install(project, 'hearken-plugin-throws', { module: 'throw new Error("two\\nlines \\u001b[31m");' });
    await install(project, 'hearken-plugin-function', { module: 'export default () => {};' });
    await install(project, 'hearken-plugin-text', { manifest: { hearken: 'good' } });
    await install(project, 'hearken-plugin-list', { manifest: { hearken: { plugin: '\u001b[31m', models: [] } } });
    await symlink(join(modules, 'hearken-plugin-loop'), join(modules, 'hearken-plugin-loop'));
    await symlink(modules, join(modules, 'hearken-plugin-itself'));
    await mkdir(join(modules, 'hearken-plugin-folder', 'package.json'), { recursive: true });
    await symlink('/dev/null', join(modules, '@scope'));
    process.chdir(project);
    const { status, out, err } = await hearken('models', '--json');
    expect(status).toBe(0);
    const names = (JSON.parse(out) as { model: string }[]).map(({ model }) => model);
    expect(names).toContain('good:small');
    expect(names).toContain('baseline:mel');
    const lines = err.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const name of ['throws', 'function']) {
      expect(err).toMatch(
        new RegExp(`^the models of hearken-plugin-${name} in '.*': no list of models in its package.json`, 'm'),
      );
    }
    expect(err).toMatch(/^'hearken' in the package\.json in '.*text': not an object/m);
    expect(err).toMatch(/^'hearken' in the package\.json in '.*list': name .*, no models/m);
    // They are not even imported for another model.
    expect((await createNodeRegistry(project).resolve('good')).name).toBe('fake');
    expect((await createNodeRegistry(project).resolve('baseline')).name).toBe('baseline');
  });

  it('two of one name are both shown with their paths', async () => {
    const project = await temporaryFolder();
    const manifest = { hearken: listed('fake') };
    const places = [
      await install(project, 'hearken-plugin-one', { manifest }),
      await install(project, '@lab/hearken-plugin-two', { manifest }),
    ];
    process.chdir(project);
    const { err } = await hearken('models');
    expect(err).toMatch(
      /^plugin name 'fake': used by .*hearken-plugin-two' and by .*hearken-plugin-one' \(their results/m,
    );
    await expect(createNodeRegistry(project).resolve('two')).resolves.toMatchObject({ name: 'fake' });
    const third = await install(project, '@other/hearken-plugin-two');
    const error = await createNodeRegistry(project).resolve('two').catch(String);
    for (const place of [places[1], third]) expect(error).toContain(`'${place}'`);
  });

  it('one without the keyword is named where its short name is asked for, and is found by its whole name', async () => {
    const project = await temporaryFolder();
    const folder = await install(project, '@lab/hearken-plugin-mine', { manifest: { keywords: ['audio'] } });
    const registry = createNodeRegistry(project);
    const error = await registry.resolve('mine').catch(String);
    expect(error).toContain(`@lab/hearken-plugin-mine in '${folder}', without the keyword 'hearken-plugin'`);
    expect(error).toMatch(/use the name '@lab\/hearken-plugin-mine', or add the keyword/);
    expect((await registry.resolve('@lab/hearken-plugin-mine')).name).toBe('fake');
  });
});
