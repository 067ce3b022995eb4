/** How long a first visit waits for the service worker at most. */
const patience = 5000;
const reloadedKey = 'hearken-reloaded-for-isolation';

/**
 * Starts the service worker, which keeps the page for times without a network, and waits until what the page fetches goes
 * through it. Where the host does not isolate the page, it reloads once: the service worker adds the headers then.
 */
export async function workOffline(): Promise<void> {
  if (!__IS_BUILT__ || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  try {
    await serviceWorker.register(new URL('./service-worker.js', document.baseURI));
  } catch {
    // Some private windows have none; the page works without it, on one thread.
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
