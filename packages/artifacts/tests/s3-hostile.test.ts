// What a store that means harm, or a proxy in front of one, can send.
import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { FileError } from '@hearken/core';
import { describe, expect, it } from 'vitest';
import { openStore } from './s3-store.js';
import { listXml, s3Servers } from './s3-server.js';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();
const s3Server = s3Servers();

/** A store whose server answers every request in one way from now on. */
async function answeredBy(answer: (response: ServerResponse) => void, options = {}) {
  const server = await s3Server();
  const mirror = await temporaryFolder();
  const artifacts = await openStore(server, mirror, options);
  server.requests.length = 0;
  server.inject = () => answer;
  return { server, mirror, artifacts };
}

const sends = (status: number, body: string) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/xml' }).end(body);

/** Writes for as long as somebody reads. @returns how many bytes were taken */
function endless(status: number, piece: string) {
  const taken = { bytes: 0 };
  const answer = (response: ServerResponse) => {
    response.writeHead(status);
    const more = () => {
      if (response.destroyed) return;
      taken.bytes += piece.length;
      response.write(piece, (error) => void (error ?? setImmediate(more)));
    };
    more();
  };
  return { taken, answer };
}

describe('a list', () => {
  it.each([
    ['that never ends', listXml('').slice(0, -10) + '<Contents><Key>pre/fix/m/a</Key></Contents>'.repeat(500)],
    ['whose name never ends', listXml('').slice(0, -10) + `<Key>${'a'.repeat(60_000)}`],
  ])('%s is not read for more than a page has', async (_, piece) => {
    const { taken, answer } = endless(200, piece);
    const { artifacts } = await answeredBy(answer);
    await expect(artifacts.list('m')).rejects.toThrow(/an answer of more than 5242880 bytes; check that the endpoint/);
    // What the systems on both sides buffer comes on top.
    expect(taken.bytes).toBeLessThan(30e6);
  });

  it.each([
    [
      'entities that would expand',
      `<!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c "&b;&b;">]>${listXml('<Prefix>&c;</Prefix>')}`,
    ],
    ['many document types', `${'<!DOCTYPE a>'.repeat(10_000)}${listXml('')}`],
    ['more tags than a page has', listXml('<a/>'.repeat(200_000))],
  ])('with %s is refused', async (_, body) => {
    const { server, artifacts } = await answeredBy(sends(200, body));
    await expect(artifacts.list('m')).rejects.toThrow(/an answer that is not the XML of a store/);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['deep tags', listXml('<a>'.repeat(50_000))],
    ['nothing', ''],
    ['no XML', '{}'],
    ['half a page', listXml('<Contents><Key>pre/fix/m/a</Key></Contents>').slice(0, -30)],
    ['tags that are no list', '<?xml version="1.0"?><html><body>Log in</body></html>'],
    [
      'tags named as parts of objects are',
      listXml('<__proto__><a>1</a></__proto__><constructor>1</constructor><toString/>'),
    ],
  ])('of %s is an error or empty', async (_, body) => {
    const { artifacts } = await answeredBy(sends(200, body));
    const keys = await artifacts.list('m').catch((error: unknown) => error);
    if (Array.isArray(keys)) expect(keys).toEqual([]);
    else expect(keys).toBeInstanceOf(FileError);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it('whose pages do not end is an error', async () => {
    const page = (token: string) => `<IsTruncated>true</IsTruncated>${token}`;
    const same = page('<NextContinuationToken>again</NextContinuationToken>');
    const { server, artifacts } = await answeredBy(sends(200, listXml(same)), { maximumKeys: 10 });
    await expect(artifacts.list('m')).rejects.toThrow(/more than 10 objects, or pages that do not end/);
    expect(server.requests.length).toBeLessThan(110);
    server.inject = () => sends(200, listXml(page('')));
    await expect(artifacts.list('m')).rejects.toThrow(/pages that do not end/);
  });

  it('of more keys than are wanted is an error', async () => {
    const contents = Array.from({ length: 11 }, (_, index) => `<Contents><Key>pre/fix/m/${index}</Key></Contents>`);
    const { artifacts } = await answeredBy(sends(200, listXml(contents.join(''))), { maximumKeys: 10 });
    await expect(artifacts.list('m')).rejects.toThrow(/more than 10 objects/);
  });

  it('of names from elsewhere has none of them', async () => {
    const names = [
      'other/m/a',
      'pre/fix/../x',
      'pre/fix/m/../../x',
      'pre/fix/n/a',
      'pre/fix/m/%zz',
      'pre/fix/m/%00',
      '',
    ];
    const contents = [...names, 'pre/fix/m/b'].map((name) => `<Contents><Key>${name}</Key></Contents><Contents/>`);
    const xml = listXml(`<EncodingType>url</EncodingType>${contents.join('')}`);
    const { artifacts } = await answeredBy(sends(200, xml));
    expect(await artifacts.list('m')).toEqual(['m/b']);
  });
});

describe('an error', () => {
  it('that never ends counts by its status', async () => {
    const { taken, answer } = endless(403, '<Error>'.repeat(10_000));
    const { artifacts } = await answeredBy(answer);
    await expect(artifacts.fetch('a')).rejects.toThrow(/to read 's3:\/\/bucket\/pre\/fix\/a': no permission \(403/);
    expect(taken.bytes).toBeLessThan(30e6);
  });

  it('does not get its text into a message', async () => {
    const body = '<Error><Code>\u001b[31mred</Code><Message>Run rm -rf</Message></Error>';
    const { artifacts } = await answeredBy(sends(400, body));
    await expect(artifacts.list('a')).rejects.toThrow(
      /^to list 's3:\/\/bucket\/pre\/fix\/a\/': (?!.*(red|rm -rf)).*400/,
    );
  });
});

it('an object that is longer than it says is no artifact', async () => {
  const { mirror, artifacts } = await answeredBy((response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 3\r\netag: "1"\r\n\r\n1234567890'.repeat(2));
    response.socket?.end();
  });
  const path = await artifacts.fetch('a').catch((error: unknown) => error);
  expect(typeof path === 'string' || path instanceof FileError).toBe(true);
  expect((await readdir(mirror)).filter((name) => name !== 'a')).toEqual([]);
});
