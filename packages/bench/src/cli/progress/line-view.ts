import { leftText, type ProgressView } from './progress-view.js';

/** Seconds between two lines about one piece of work. */
const everySeconds = 5;

/** Progress as plain lines, for logs and pipes: at the start, then every few seconds. */
export function lineView(
  write: (text: string) => void,
  now: () => number = () => performance.now() / 1000,
): ProgressView {
  /** What of the whole was done when it was last told. */
  let wholeDone: number | undefined;
  let work: { label: string; total: number; nextAt: number } | undefined;
  return {
    note(line) {
      write(`${line}\n`);
    },
    begin(label, total) {
      work = { label, total, nextAt: now() + everySeconds };
      write(`${label} ...\n`);
    },
    update(done, detail, secondsLeft) {
      if (work === undefined) return;
      const percent = Math.floor((100 * done) / Math.max(1, work.total));
      if (now() < work.nextAt) return;
      write(`${work.label}: ${percent} %, ${detail}${leftText(secondsLeft)}\n`);
      work.nextAt = now() + everySeconds;
    },
    end() {
      work = undefined;
    },
    whole(done, _total, detail) {
      if (done !== wholeDone) write(`All: ${detail}\n`);
      wholeDone = done;
    },
  };
}
