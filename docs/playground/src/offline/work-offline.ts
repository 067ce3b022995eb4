/** The longest that a first visit waits for the service worker. */
const patience = 5000;
const reloadedKey = 'hearken-reloaded-for-isolation';

/**
 * Starts the service worker, which stores the page for offline use, and waits until it handles the page's requests. If the
 * host does not isolate the page, the page reloads once, so that the service worker can add the headers.
 */
export async function workOffline(): Promise<void> {
  if (!__IS_BUILT__ || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  try {
    await serviceWorker.register(new URL('./service-worker.js', document.baseURI));
  } catch {
    // Some private windows have none; the page then works on one thread.
    return;
  }
  if (serviceWorker.controller === null) {
    await new Promise<void>((resolve) => {
      serviceWorker.addEventListener(
        'controllerchange',
        () => {
          resolve();
        },
        { once: true },
      );
      setTimeout(resolve, patience);
    });
  }
  if (crossOriginIsolated || serviceWorker.controller === null || sessionStorage.getItem(reloadedKey) !== null) return;
  sessionStorage.setItem(reloadedKey, 'yes');
  location.reload();
  await new Promise(() => undefined);
}
