import { Trickle } from './download-errors.js';

/** How slow a connection may be. */
export interface RateOptions {
  /** Minimum average rate over `rateWindow`, in bytes per second; default 1024. A slower connection counts as dead. */
  readonly minimumRate?: number;
  /** Milliseconds over which the rate is measured; default 60 000. */
  readonly rateWindow?: number;
  /** A monotonic clock in milliseconds; default: the system's. */
  readonly now?: () => number;
}

const defaultMinimumRate = 1024;
const defaultRateWindow = 60_000;

/** Measures the rate of received bytes over consecutive time windows. */
export function rateMeter(options: RateOptions): { add(bytes: number): void } {
  const { minimumRate = defaultMinimumRate, rateWindow = defaultRateWindow, now = () => performance.now() } = options;
  let start = now();
  let received = 0;
  return {
    add(bytes) {
      received += bytes;
      const elapsed = now() - start;
      if (elapsed < rateWindow) return;
      if (received < (minimumRate * elapsed) / 1000) {
        throw new Trickle(`received only ${received} bytes in ${Math.round(elapsed / 1000)} s`);
      }
      start = now();
      received = 0;
    },
  };
}

/** Ends a connection that goes silent. */
export interface StallTimer {
  restart(): void;
  stop(): void;
  expired(): boolean;
}

/** @param milliseconds of silence after which it ends */
export function stallTimer(milliseconds: number, connection: AbortController): StallTimer {
  let expired = false;
  const start = () =>
    setTimeout(() => {
      expired = true;
      connection.abort();
    }, milliseconds);
  let timer = start();
  return {
    restart() {
      clearTimeout(timer);
      timer = start();
    },
    stop() {
      clearTimeout(timer);
    },
    expired: () => expired,
  };
}
