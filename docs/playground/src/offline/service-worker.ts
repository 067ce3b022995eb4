/** Filled in by the build: the page's files, and large ones such as ONNX Runtime's, of which a browser needs only some. */
declare const __PAGE_FILES__: {
  readonly version: string;
  readonly page: readonly string[];
  readonly onUse: readonly string[];
};

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface ServiceWorkerScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}

const scope = self as unknown as ServiceWorkerScope;
const files = __PAGE_FILES__;
const prefix = 'hearken-playground-';
const pageCache = `${prefix}${files.version}`;
const onUseCache = `${prefix}on-use`;
const addressesOf = (names: readonly string[]) =>
  new Set(names.map((name) => new URL(name, scope.registration.scope).href));
const page = addressesOf(files.page);
const onUse = addressesOf(files.onUse);
const scripts: ReadonlySet<string> = new Set(['worker', 'script']);

scope.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(pageCache);
      await cache.addAll([...page].map((url) => new Request(url, { cache: 'no-cache' })));
      await scope.skipWaiting();
    })(),
  );
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const stale = (name: string) => name.startsWith(prefix) && name !== pageCache && name !== onUseCache;
      await Promise.all((await caches.keys()).filter(stale).map((name) => caches.delete(name)));
      const cache = await caches.open(onUseCache);
      const kept = await cache.keys();
      await Promise.all(kept.filter(({ url }) => !onUse.has(url)).map((request) => cache.delete(request)));
      await scope.clients.claim();
    })(),
  );
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  url.hash = url.search = '';
  if (request.method !== 'GET') return;
  // It does not handle checkpoints and files from other sites.
  if (onUse.has(url.href)) event.respondWith(fromCacheFirst(url.href, onUseCache));
  else if (request.mode === 'navigate' && url.href === scope.registration.scope)
    event.respondWith(newestPage(url.href));
  else if (page.has(url.href)) event.respondWith(fromCacheFirst(url.href, pageCache));
  // Scripts of a newer version, which this one does not know: isolated pages only accept workers with the headers.
  else if (url.origin === location.origin && scripts.has(request.destination))
    event.respondWith(fetch(request).then(isolated));
});

/** Built files are named after their content, so stored ones are never stale. */
async function fromCacheFirst(url: string, cacheName: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(url);
  if (kept !== undefined) return isolated(kept);
  const fetched = await fetch(url);
  if (fetched.status === 200) await cache.put(url, fetched.clone());
  return isolated(fetched);
}

/** The page itself is loaded from the network if possible, so that a new version is noticed. */
async function newestPage(url: string): Promise<Response> {
  try {
    const fetched = await fetch(url, { cache: 'no-cache' });
    if (fetched.ok) return isolated(fetched);
  } catch {
    // Offline.
  }
  return fromCacheFirst(url, pageCache);
}

/** Adds the headers that a page needs for shared memory, for hosts that can't send them. */
function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
