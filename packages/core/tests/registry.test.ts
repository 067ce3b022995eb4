import { describe, expect, it } from 'vitest';
import { createRegistry, OptionError, PluginError, SignalError, type Plugin } from '../src/index.js';
import { pluginFromModule } from '../src/plugin-module.js';
import { fakeModel, fakePlugin } from './fake-embedder.js';

const module = { default: fakePlugin() };

function missing(name: string, importer = '/somewhere/index.js'): Error {
  return Object.assign(new Error(`Cannot find package '${name}' imported from ${importer}`), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
}

function registryWith(load: () => Promise<unknown>, importModule?: (specifier: string) => Promise<unknown>) {
  const registry = createRegistry(importModule === undefined ? {} : { importModule });
  registry.register({ name: 'fake', packageName: '@hearken/plugin-fake', load });
  return registry;
}

async function failure(attempt: Promise<unknown>): Promise<Error> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Error) return error;
  throw new Error('it did not fail');
}

describe('a registry', () => {
  it('loads a plugin when it is asked for, and not before', async () => {
    let loads = 0;
    const registry = registryWith(() => {
      loads += 1;
      return Promise.resolve(module);
    });
    expect(registry.names()).toEqual(['fake']);
    expect(loads).toBe(0);
    expect(await registry.resolve('fake')).toBe(module.default);
    expect(loads).toBe(1);
  });

  it('knows a plugin by its package too', async () => {
    const registry = registryWith(() => Promise.resolve(module));
    expect(await registry.resolve('@hearken/plugin-fake')).toBe(module.default);
  });

  it.each([
    ['fake', 'another-package'],
    ['another', '@hearken/plugin-fake'],
  ])("refuses to register '%s' of %s twice, and names both", (name, packageName) => {
    const registry = registryWith(() => Promise.resolve(module));
    const load = () => Promise.resolve(module);
    const register = () => {
      registry.register({ name, packageName, load });
    };
    expect(register).toThrow(PluginError);
    expect(register).toThrow(`'${name}' of ${packageName}: 'fake' of @hearken/plugin-fake`);
    expect(registry.names()).toEqual(['fake']);
  });

  it('says how to install a registered plugin that is not installed', async () => {
    const registry = registryWith(() => Promise.reject(missing('@hearken/plugin-fake')));
    const error = await failure(registry.resolve('fake'));
    expect(error).toBeInstanceOf(PluginError);
    expect(error.message).toContain('not installed; npm install @hearken/plugin-fake');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('does not take something that the plugin misses for the plugin', async () => {
    const registry = registryWith(() => Promise.reject(missing('onnxruntime-node')));
    const error = await failure(registry.resolve('fake'));
    expect(error).toBeInstanceOf(PluginError);
    expect(error.message).toContain("does not load: Cannot find package 'onnxruntime-node'");
    expect(error.message).not.toContain('npm install @hearken/plugin-fake');
  });

  it('passes on what a plugin says in Hearken terms', async () => {
    const own = new OptionError({ asked: 'threads', found: '-1', fix: 'pass 1 or more' });
    expect(await failure(registryWith(() => Promise.reject(own)).resolve('fake'))).toBe(own);
  });
});

describe('plugins that are not registered', () => {
  it.each(['./my-plugin', '../my-plugin.js', '/home/me/plugin.js', 'C:\\plugins\\mine.js', 'file:///x/plugin.js'])(
    "are imported from the path '%s'",
    async (path) => {
      const asked: string[] = [];
      const registry = registryWith(
        () => Promise.resolve({}),
        (specifier) => {
          asked.push(specifier);
          return Promise.resolve(module);
        },
      );
      expect(await registry.resolve(path)).toBe(module.default);
      expect(asked).toEqual([path]);
    },
  );

  it.each(['some-npm-plugin', '@someone/plugin'])("are imported from the package '%s'", async (name) => {
    const registry = registryWith(
      () => Promise.resolve({}),
      () => Promise.resolve(module),
    );
    expect(await registry.resolve(name)).toBe(module.default);
  });

  it.each(['data:text/javascript,x', 'https://example.org/x.js', 'node:fs', 'Upper', '@scope', '', 'a b', 'x/../../y'])(
    "are not imported from '%s', which is neither a path nor a package name",
    async (specifier) => {
      const registry = registryWith(
        () => Promise.resolve({}),
        () => Promise.reject(new Error('imported')),
      );
      const error = await failure(registry.resolve(specifier));
      expect(error).toBeInstanceOf(PluginError);
      expect(error.message).toContain('known: fake');
    },
  );

  it('are answered with the nearest known name, and with how to install them', async () => {
    const registry = registryWith(
      () => Promise.resolve({}),
      (specifier) => Promise.reject(missing(specifier)),
    );
    const error = await failure(registry.resolve('fakee'));
    expect(error).toBeInstanceOf(PluginError);
    expect(error.message).toContain(
      "did you mean 'fake'? known: fake; for a plugin from npm: npm install hearken-plugin-fakee",
    );
  });

  it.each(['@someone/plugin', 'hearken-plugin-mine'])(
    "are installed by '%s' where that is the whole name",
    async (name) => {
      const registry = registryWith(
        () => Promise.resolve({}),
        (specifier) => Promise.reject(missing(specifier)),
      );
      expect((await failure(registry.resolve(name))).message).toContain(`npm: npm install ${name}`);
    },
  );

  it('say themselves what is wrong, also where their errors come from another copy of this package', async () => {
    const parts = { code: 'PLUGIN', asked: 'a', found: 'b', fix: 'c' };
    const own = Object.assign(new Error('a: b; c'), parts);
    const registry = registryWith(
      () => Promise.resolve({}),
      () => Promise.reject(own),
    );
    expect(await failure(registry.resolve('./mine.js'))).toBe(own);
  });

  it('are unknown where the platform imports nothing', async () => {
    const error = await failure(createRegistry().resolve('./mine.js'));
    expect(error.message).toBe("plugin './mine.js': no plugin of that name; known: none");
  });

  it('say why a path does not load', async () => {
    const registry = registryWith(
      () => Promise.resolve({}),
      () => Promise.reject(new SyntaxError('Unexpected token')),
    );
    const error = await failure(registry.resolve('./mine.js'));
    expect(error.message).toContain("plugin './mine.js': its module does not load: Unexpected token");
    const thrown = registryWith(
      () => Promise.resolve({}),
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- strangers' modules throw anything
      () => Promise.reject('a string'),
    );
    expect((await failure(thrown.resolve('./mine.js'))).message).toContain('a string');
  });
});

describe('pluginFromModule', () => {
  const { name, version, description, models } = module.default;
  const load = module.default.load.bind(module.default);

  it('takes the default export as it is when it is complete', () => {
    expect(pluginFromModule(module, './x')).toBe(module.default);
  });

  it('completes a bare definition', async () => {
    const plugin = pluginFromModule({ default: { name, version, description, models, load } }, './x');
    const embedder = await plugin.loadModel();
    await expect(plugin.getSceneEmbeddings(shortBatch, embedder)).rejects.toThrow(SignalError);
    await expect(plugin.loadModel(undefined, { model: 'tinny' })).rejects.toThrow("did you mean 'tiny'?");
  });

  it("takes HEAR's functions from the module", async () => {
    const getSceneEmbeddings: Plugin['getSceneEmbeddings'] = () => Promise.reject(new Error("the module's own"));
    const loadModel: Plugin['loadModel'] = (...parts) => module.default.loadModel(...parts);
    const plugin = pluginFromModule(
      { default: { name, version, description, models }, loadModel, getSceneEmbeddings },
      './x',
    );
    const embedder = await plugin.loadModel();
    expect(embedder.provenance.model).toBe('tiny');
    expect((await plugin.load(undefined, {})).provenance.model).toBe('tiny');
    await expect(plugin.getSceneEmbeddings(shortBatch, embedder)).rejects.toThrow("the module's own");
    await expect(plugin.getTimestampEmbeddings(shortBatch, embedder)).rejects.toThrow(SignalError);
  });

  it('takes a definition whose load is a method', async () => {
    class Definition {
      readonly name = name;
      readonly version = version;
      readonly description = description;
      readonly models = models;
      readonly #inner = module.default;
      load() {
        return this.#inner.loadModel();
      }
    }
    const embedder = await pluginFromModule({ default: new Definition() }, './x').loadModel();
    expect(embedder.provenance.model).toBe('tiny');
  });

  it.each([
    ['no module', undefined, 'no default export'],
    ['no default export', { loadModel: load }, 'no default export'],
    ['a function', { default: load }, 'no default export'],
    ['an empty one', { default: {} }, 'no name, no version, no models, no load or loadModel function'],
    ['no version', { default: { ...module.default, version: 1 } }, 'no version'],
    ['no models', { default: { ...module.default, models: {} } }, 'no models'],
    [
      'a model without sample rate',
      { default: { ...module.default, models: { tiny: { ...fakeModel, sampleRate: '2000' } } } },
      "no positive integer sampleRate for model 'tiny'",
    ],
    ['no metadata', { default: { ...module.default, models: { tiny: null } } }, "no metadata for model 'tiny'"],
  ])('says exactly what is missing of %s', (_, found, expected) => {
    const attempt = () => pluginFromModule(found, './mine.js');
    expect(attempt).toThrow(PluginError);
    expect(attempt).toThrow(`a plugin from './mine.js': ${expected}`);
  });
});

const shortBatch = { data: new Float32Array(1), count: 1, channels: 1, samples: 1 };
