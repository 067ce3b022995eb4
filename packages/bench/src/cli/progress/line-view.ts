import { leftText, type ProgressView } from './progress-view.js';

/** Seconds between two lines about one piece of work. */
const everySeconds = 5;

/** Progress as plain lines, for logs and pipes: at the beginning, then every few seconds, and at the end. */
export function lineView(
  write: (text: string) => void,
  now: () => number = () => performance.now() / 1000,
): ProgressView {
  let work: { label: string; total: number; last: string; nextAt: number } | undefined;
  return {
    note(line) {
      write(`${line}\n`);
    },
    begin(label, total) {
      work = { label, total, last: '', nextAt: now() + everySeconds };
      write(`${label} ...\n`);
    },
    update(done, detail, secondsLeft) {
      if (work === undefined) return;
      const percent = Math.floor((100 * done) / Math.max(1, work.total));
      work.last = `${work.label}: ${percent} %, ${detail}`;
      if (now() < work.nextAt) return;
      write(`${work.last}${leftText(secondsLeft)}\n`);
      work.nextAt = now() + everySeconds;
    },
    end() {
      if (work !== undefined && work.last !== '') write(`${work.last}\n`);
      work = undefined;
    },
  };
}
