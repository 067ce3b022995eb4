import cliProgress from 'cli-progress';
import { leftText, type ProgressView } from './progress-view.js';

/** Progress as bars on a terminal. */
export function barView(stream: NodeJS.WritableStream): ProgressView {
  let bar: cliProgress.SingleBar | undefined;
  const end = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    note(line) {
      end();
      stream.write(`${line}\n`);
    },
    begin(label, total) {
      end();
      bar = new cliProgress.SingleBar(
        {
          format: '{label} [{bar}] {percentage} %{detail}',
          stream,
          barsize: 24,
          // The line with the outcome replaces the bar.
          clearOnComplete: true,
          hideCursor: false,
          // The command handles Ctrl-C.
          gracefulExit: false,
          linewrap: false,
        },
        cliProgress.Presets.shades_classic,
      );
      bar.start(Math.max(1, total), 0, { label, detail: '' });
    },
    update(done, detail, secondsLeft) {
      bar?.update(done, { detail: ` ${detail}${leftText(secondsLeft)}` });
    },
    end,
  };
}
