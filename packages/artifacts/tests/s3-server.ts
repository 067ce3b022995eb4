import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export const accessKey = 'AKIATESTHEARKEN';

/** What an object is stored with. */
export interface StoredObject {
  readonly content: Buffer;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  /** The object's name, or the prefix of a list. */
  readonly name: string;
  readonly headers: IncomingMessage['headers'];
}

/** What a test does to a request: nothing, an answer of its own, or something after the effect. */
export type Injected =
  | undefined
  /** An answer instead of the effect. */
  | {
      readonly status: number;
      readonly code?: string;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** The connection ends after the effect, without an answer. */
  | 'lose-answer'
  /** The connection ends before anything happens. */
  | 'lose-request'
  /** The answer has its whole length, and ends after that many bytes of content. */
  | { readonly bodyBytes: number }
  /** The test answers. */
  | ((response: ServerResponse) => void);

/** An S3-compatible store in memory, on the loopback interface. */
export interface S3Server {
  readonly endpoint: string;
  readonly objects: Map<string, StoredObject>;
  readonly requests: SeenRequest[];
  /** Called for each request, in order. */
  inject: (request: SeenRequest, index: number) => Injected;
  /** A store of earlier days: the condition is read over. */
  ignoresConditions: boolean;
  /** A store that answers ranges with the whole object. */
  ignoresRanges: boolean;
  pageSize: number;
}

/** A function that starts stores with one bucket called `bucket`, which are gone after each test. */
export function s3Servers(): () => Promise<S3Server> {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  return async () => {
    const server = createServer((request, response) => void answer(store, request, response));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const store: S3Server = {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      objects: new Map(),
      requests: [],
      inject: () => undefined,
      ignoresConditions: false,
      ignoresRanges: false,
      pageSize: 3,
    };
    return store;
  };
}

async function answer(store: S3Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', store.endpoint);
  const [bucket, ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
  const isList = url.searchParams.get('list-type') === '2';
  const seen: SeenRequest = {
    method: isList ? 'LIST' : (request.method ?? ''),
    name: isList ? (url.searchParams.get('prefix') ?? '') : rest.join('/'),
    headers: request.headers,
  };
  const content = await bodyOf(request);
  store.requests.push(seen);
  const injected = store.inject(seen, store.requests.length - 1);
  if (injected === 'lose-request') return void request.socket.destroy();
  if (typeof injected === 'function') return injected(response);
  if (typeof injected === 'object' && 'status' in injected) {
    const { status, code = 'InternalError', body = errorXml(code), headers } = injected;
    return void response.writeHead(status, headers).end(seen.method === 'HEAD' ? undefined : body);
  }
  const result = isSigned(request) ? effect(store, seen, url, bucket, content) : failure(403, 'AccessDenied');
  if (injected === 'lose-answer') return void request.socket.destroy();
  const { status, headers = {}, body = Buffer.alloc(0) } = result;
  response.writeHead(status, { 'content-length': body.length, ...headers });
  if (injected === undefined || seen.method === 'HEAD') return void response.end(seen.method === 'HEAD' ? '' : body);
  // What was written is flushed before the connection ends.
  response.write(body.subarray(0, injected.bodyBytes), () => request.socket.end(() => request.socket.destroy()));
}

interface Result {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer;
}

function effect(
  store: S3Server,
  { method, name, headers }: SeenRequest,
  url: URL,
  bucket: string,
  content: Buffer,
): Result {
  if (bucket !== 'bucket') return failure(404, 'NoSuchBucket');
  if (method === 'LIST') return list(store, url);
  const object = store.objects.get(name);
  if (method === 'PUT') {
    if (headers['if-none-match'] === '*' && object !== undefined && !store.ignoresConditions) {
      return failure(412, 'PreconditionFailed');
    }
    const etag = `"${createHash('md5').update(content).digest('hex')}"`;
    const kept = Object.entries(headers).filter(([field]) => field.startsWith('x-amz-meta-'));
    store.objects.set(name, { content, etag, headers: Object.fromEntries(kept) as Record<string, string> });
    return { status: 200, headers: { etag } };
  }
  if (method === 'DELETE') {
    store.objects.delete(name);
    return { status: 204 };
  }
  if (object === undefined) return failure(404, 'NoSuchKey');
  const { etag } = object;
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) return failure(412, 'PreconditionFailed');
  const size = object.content.length;
  const from = store.ignoresRanges ? undefined : /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  const body = object.content.subarray(Number(from ?? 0));
  const range: Record<string, string> =
    from === undefined ? {} : { 'content-range': `bytes ${from}-${size - 1}/${size}` };
  return { status: from === undefined ? 200 : 206, headers: { etag, ...object.headers, ...range }, body };
}

function list(store: S3Server, url: URL): Result {
  const prefix = url.searchParams.get('prefix') ?? '';
  const after = url.searchParams.get('continuation-token') ?? '';
  const names = [...store.objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
  const page = names.slice(0, store.pageSize);
  const more = names.length > page.length;
  const contents = page.map((name) => `<Contents><Key>${encodeURIComponent(name)}</Key><Size>1</Size></Contents>`);
  const next = more ? `<NextContinuationToken>${escaped(page.at(-1)!)}</NextContinuationToken>` : '';
  const fields = `<EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${next}`;
  return { status: 200, body: Buffer.from(listXml(fields + contents.join(''))) };
}

/** The XML of a page. */
export function listXml(inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListBucketResult>`;
}

function failure(status: number, code: string): Result {
  return { status, body: Buffer.from(errorXml(code)) };
}

function errorXml(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function isSigned({ headers }: IncomingMessage): boolean {
  return headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKey}/`) ?? false;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
