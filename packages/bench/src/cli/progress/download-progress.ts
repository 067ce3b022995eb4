import type { ProgressView } from './progress-view.js';
import { timeLeft } from './time-left.js';

/** Shows downloads on a view, one after the other. */
export interface DownloadProgress {
  /**
   * @param label what is downloaded; a new label starts a new piece of work
   * @param total bytes; null if the server doesn't say
   */
  update(label: string, received: number, total: number | null): void;
  /** Starts a new piece of work with the next update, even if the label is the same. */
  restart(): void;
}

/** Shows downloads on a view, in megabytes and with the time left. */
export function downloadProgress(view: ProgressView): DownloadProgress {
  const time = timeLeft();
  let current: string | undefined;
  return {
    update(label, received, total) {
      if (current !== label) {
        current = label;
        time.begin(received);
        view.begin(label, total ?? received);
      }
      const left = total === null ? undefined : time.at(received, total);
      view.update(received, `${megabytes(received)}${total === null ? '' : ` of ${megabytes(total)}`} MB`, left);
    },
    restart() {
      current = undefined;
    },
  };
}

/** Bytes in megabytes, with one decimal. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
