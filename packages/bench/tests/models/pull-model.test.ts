import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { definePlugin, FileError, type ModelMetadata, OptionError, type Plugin } from '@hearken/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { pullModel, type PullOptions } from '../../src/models/pull-model.node.js';
import { findPulledModel } from '../../src/models/pulled-record.node.js';
import { fileServers, Received, serveBytes } from '../../../../tests/support/file-server.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const serve = fileServers();
const config = Buffer.from('{"layers": 2}');
const weights = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) >> 3));
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const commit = '0123456789abcdef0123456789abcdef01234567';
const token = 'hf_madeUpToken';

let models: string;
let asked: string[];

beforeEach(async () => {
  models = await temporaryFolder();
  asked = [];
});

/** A request as a server saw it. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

function see(seen: Seen[], { method = '', url = '', headers }: IncomingMessage): void {
  seen.push({ method, url, authorization: headers.authorization, range: headers.range });
}

function contentOf(url: string | undefined): Buffer {
  return url?.endsWith('config.json') === true ? config : weights;
}

/**
 * Like Hugging Face: metadata and redirects from the hub, files of any size from elsewhere; gated if a token is
 * required.
 */
async function startHub(options: { wants?: string; grants?: boolean; answer?: typeof serveBytes } = {}) {
  const hubSeen: Seen[] = [];
  const storeSeen: Seen[] = [];
  const { answer = serveBytes } = options;
  const store = await serve((request, response) => {
    see(storeSeen, request);
    answer(request, response, contentOf(request.url));
  });
  const hub = await serve((request, response) => {
    see(hubSeen, request);
    if (options.wants !== undefined && request.headers.authorization !== `Bearer ${options.wants}`) {
      response.writeHead(401).end();
    } else if (options.grants === false) response.writeHead(403).end();
    else {
      const content = contentOf(request.url);
      const etag = content === weights ? hash(weights) : 'git-hash';
      const facts = { 'x-repo-commit': commit, 'x-linked-etag': `"${etag}"` };
      response.writeHead(302, { location: `${store.origin}/bytes${request.url}`, ...facts }).end();
    }
  });
  return { origin: hub.origin, hubSeen, storeSeen };
}

function madePlugin(origin: string, more: Partial<ModelMetadata> = {}): Plugin {
  const files = ['config.json', 'model.safetensors'].map((name) => ({
    name,
    url: `${origin}/o/m/resolve/main/${name}`,
  }));
  return definePlugin({
    name: 'made',
    version: '1.0.0',
    description: 'made up',
    models: {
      up: { description: '', sampleRate: 1, channels: 1, embeddingSize: 1, license: 'CC0', files, ...more },
      none: { description: '', sampleRate: 1, channels: 1, embeddingSize: 1 },
    },
    load: () => Promise.reject(new Error('not loaded here')),
  });
}

const gated = (origin: string) => madePlugin(origin, { terms: { url: 'https://example.org/terms', gated: true } });

async function pull(plugin: Plugin, more: Partial<PullOptions> = {}) {
  return pullModel(plugin, 'up', {
    models,
    accept: ({ name }) => {
      asked.push(name);
      return Promise.resolve(true);
    },
    attempts: 3,
    retryDelay: 1,
    ...more,
  });
}

const ok = (request: IncomingMessage, response: ServerResponse) => {
  serveBytes(request, response, contentOf(request.url));
};

async function record(folder = join(models, 'made-up')) {
  return JSON.parse(await readFile(join(folder, 'pulled.json'), 'utf8')) as Record<string, unknown>;
}

describe('pullModel', () => {
  it('downloads at one commit, compares with what the hub tells, and records it', async () => {
    const { origin, hubSeen, storeSeen } = await startHub();
    const pulled = await pull(madePlugin(origin));
    const folder = join(models, 'made-up');
    expect(pulled).toMatchObject({ state: 'downloaded', folder, checkpoint: folder, bytes: 100_013 });
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors', 'pulled.json']);
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
    expect(await record()).toMatchObject({
      model: 'made:up',
      license: 'CC0',
      terms: null,
      revision: commit,
      files: [
        { name: 'config.json', bytes: 13, sha256: hash(config), verified: null },
        {
          name: 'model.safetensors',
          url: `${origin}/o/m/resolve/${commit}/model.safetensors`,
          sha256: hash(weights),
          verified: 'sha256',
        },
      ],
    });
    expect(hubSeen.map(({ method, url }) => `${method} ${url.split('/')[4]}`)).toEqual([
      'HEAD main',
      `GET ${commit}`,
      `HEAD ${commit}`,
      `GET ${commit}`,
    ]);
    expect(storeSeen).toHaveLength(2);
    expect(await findPulledModel(madePlugin(origin), 'up', models)).toMatchObject({ checkpoint: folder });
  });

  it('downloads nothing twice, also after the folder was moved, and mends what was damaged', async () => {
    const { origin, storeSeen } = await startHub();
    await pull(madePlugin(origin));
    const moved = join(await temporaryFolder(), 'moved');
    await rename(models, moved);
    expect(await pull(madePlugin(origin), { models: moved, offline: true })).toMatchObject({ state: 'present' });
    expect(storeSeen).toHaveLength(2);
    await writeFile(
      join(moved, 'made-up', 'model.safetensors'),
      weights.map((byte) => byte ^ 1),
    );
    await expect(pull(madePlugin(origin), { models: moved, offline: true })).rejects.toThrow(
      /no verified model\.safetensors in/,
    );
    expect(await pull(madePlugin(origin), { models: moved })).toMatchObject({ state: 'downloaded' });
    expect(storeSeen).toHaveLength(3);
    expect(await readFile(join(moved, 'made-up', 'model.safetensors'))).toEqual(weights);
  });

  it('goes on where an interrupted pull stopped', async () => {
    let dropAfter = 30_000;
    const { until, onProgress } = new Received();
    const { origin, storeSeen } = await startHub({
      answer: (request, response, bytes) => {
        serveBytes(request, response, bytes, { dropAfter, until });
      },
    });
    const stopped = new AbortController();
    const onEvent: PullOptions['onEvent'] = (event) => {
      if (event.kind === 'progress') onProgress(event);
      if (event.kind === 'retry') stopped.abort(new Error('enough'));
    };
    await expect(pull(madePlugin(origin), { abortSignal: stopped.signal, onEvent })).rejects.toThrow('enough');
    expect(await findPulledModel(madePlugin(origin), 'up', models)).toBeUndefined();
    dropAfter = Infinity;
    let resumedAt = 0;
    await pull(madePlugin(origin), {
      onEvent: (event) => {
        if (event.kind === 'fetched') resumedAt = event.resumedAt;
      },
    });
    expect(resumedAt).toBe(30_000);
    expect(storeSeen.map(({ url, range }) => [url.split('/').at(-1), range])).toEqual([
      ['config.json', undefined],
      ['model.safetensors', undefined],
      ['model.safetensors', 'bytes=30000-'],
    ]);
  });

  it('removes what is not what it should be', async () => {
    const other = '0'.repeat(64);
    const { origin } = await serve(ok);
    const files = [{ name: 'x.pt', url: `${origin}/x.pt`, sha256: other }];
    await expect(pull(madePlugin(origin, { files }))).rejects.toThrow(
      new RegExp(`sha256 ${other}.*sha256 [0-9a-f]{64}`),
    );
    expect(await readdir(join(models, 'made-up'))).toEqual([]);
    const { origin: hub } = await startHub({
      answer: (request, response) => {
        serveBytes(request, response, config);
      },
    });
    await expect(pull(madePlugin(hub))).rejects.toThrow(`sha256 ${hash(weights)}`);
  });

  it.each([
    ['<!doctype html><title>Sign in</title>', /a web page/],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:0', /Git LFS/],
    ['', /an empty file/],
  ])('refuses %j in place of a file', async (text, message) => {
    const { origin } = await serve((request, response) => {
      serveBytes(request, response, Buffer.from(text));
    });
    await expect(pull(madePlugin(origin, { files: [{ name: 'x.pt', url: `${origin}/x.pt` }] }))).rejects.toThrow(
      message,
    );
    expect(await readdir(join(models, 'made-up'))).toEqual([]);
  });

  it('takes a file that lies there if it has the SHA-256 that is known', async () => {
    const plugin = madePlugin('http://127.0.0.1:1', {
      files: [{ name: 'x.pt', url: 'http://127.0.0.1:1/x.pt', sha256: hash(weights).toUpperCase() }],
    });
    await mkdir(join(models, 'made-up'));
    await writeFile(join(models, 'made-up', 'x.pt'), weights);
    const checkpoint = join(models, 'made-up', 'x.pt');
    expect(await pull(plugin, { offline: true })).toMatchObject({ state: 'present', checkpoint });
    expect(asked).toEqual([]);
  });

  it('asks once for a licence, and again for another', async () => {
    const { origin } = await startHub();
    const never: Partial<PullOptions> = { accept: () => Promise.resolve(false) };
    await expect(pull(madePlugin(origin), never)).rejects.toThrow(/licence or terms are not accepted/);
    expect(await readdir(models)).toEqual([]);
    await pull(madePlugin(origin));
    await writeFile(join(models, 'made-up', 'config.json'), '{}');
    await pull(madePlugin(origin), never);
    expect(asked).toEqual(['made:up']);
    await writeFile(join(models, 'made-up', 'config.json'), '{}');
    await expect(pull(madePlugin(origin, { license: 'CC1' }), never)).rejects.toThrow(OptionError);
  });

  it('does without what is no record of its own', async () => {
    const { origin } = await startHub();
    const folder = join(models, 'made-up');
    await mkdir(folder);
    for (const text of [
      '',
      '[]',
      '{"model":"made:up","files":[1,{"name":"../x"}]}',
      '{"model":"other:up","files":[]}',
    ]) {
      await writeFile(join(folder, 'pulled.json'), text);
      expect(await findPulledModel(madePlugin(origin), 'up', models)).toBeUndefined();
    }
    await writeFile(join(models, 'accepted.json'), '{"accepted":[null,3,{}]}');
    expect(await pull(madePlugin(origin))).toMatchObject({ state: 'downloaded' });
  });

  it('says that a model without published files has none', async () => {
    const options = { models, accept: () => Promise.resolve(true) };
    await expect(pullModel(madePlugin('http://127.0.0.1:1'), 'none', options)).rejects.toThrow(
      /no published file.*--checkpoint.*made:up/,
    );
  });
});

describe('a gated model', () => {
  it('is downloaded with the token, which goes to the hub alone', async () => {
    const { origin, hubSeen, storeSeen } = await startHub({ wants: token });
    await pull(gated(origin), { token: ` ${token}\n`, tokenOrigin: origin });
    expect(hubSeen.map(({ authorization }) => authorization)).toEqual(Array(4).fill(`Bearer ${token}`));
    expect(storeSeen.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
    const folder = join(models, 'made-up');
    for (const file of [join(models, 'accepted.json'), ...(await readdir(folder)).map((name) => join(folder, name))]) {
      expect(await readFile(file, 'latin1')).not.toContain(token);
    }
  });

  it('without a token says where to accept the terms and how to pass it, and asks nobody', async () => {
    const { origin, hubSeen } = await startHub({ wants: token });
    for (const nothing of [undefined, '', ' \n']) {
      await expect(pull(gated(origin), { token: nothing, tokenOrigin: origin })).rejects.toThrow(
        /no token .*HF_TOKEN.*https:\/\/example\.org\/terms.*HF_TOKEN=\.\.\. hearken pull made:up/,
      );
    }
    expect([hubSeen, asked]).toEqual([[], []]);
  });

  it('with something that is no token does not show it', async () => {
    const error: unknown = await pull(gated('http://127.0.0.1:1'), {
      token: 'secret\nwith a line',
      tokenOrigin: 'http://127.0.0.1:1',
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OptionError);
    expect(String(error)).toContain('HF_TOKEN, which is not a token');
    expect(String(error)).not.toContain('secret');
  });

  it('tells a wrong token from terms that were not accepted there', async () => {
    const wrong = await startHub({ wants: token });
    const refused = pull(gated(wrong.origin), { token: 'hf_other', tokenOrigin: wrong.origin });
    await expect(refused).rejects.toThrow(/token in HF_TOKEN is not valid \(HTTP 401\).*settings\/tokens/);
    // As `--debug` shows it.
    const shown = await refused.catch((error: unknown) => inspect(error, { depth: Infinity }));
    expect(shown).not.toContain('hf_other');
    const { origin } = await startHub({ wants: token, grants: false });
    await expect(pull(gated(origin), { token, tokenOrigin: origin })).rejects.toThrow(
      /account has no access \(HTTP 403\).*accept the terms at https:\/\/example\.org\/terms/,
    );
    expect(await readdir(join(models, 'made-up'))).toEqual([]);
  });

  it('sends the token neither to another place nor for a model that is not gated', async () => {
    const { origin, hubSeen } = await startHub();
    await pull(gated('https://huggingface.co'), { token, mirror: origin });
    await pull(madePlugin(origin), { token, tokenOrigin: origin, models: await temporaryFolder() });
    expect(hubSeen).toHaveLength(8);
    expect(hubSeen.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  it('of a mirror that refuses says so', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(403).end();
    });
    const refused = pull(gated('https://huggingface.co'), { token, mirror: `${origin}/{plugin}/{model}/{file}` });
    await expect(refused).rejects.toThrow(/access denied \(HTTP 403\)/);
    await expect(refused).rejects.toThrow(FileError);
  });

  it('says what to do about a refusal that only the download meets', async () => {
    const { origin } = await serve((request, response) => {
      response.writeHead(request.method === 'HEAD' ? 200 : 403).end();
    });
    const refused = pull(gated(origin), { token, tokenOrigin: origin });
    await expect(refused).rejects.toThrow(/account has no access \(HTTP 403\).*accept the terms at/);
  });
});
