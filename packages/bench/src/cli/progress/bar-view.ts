import cliProgress from 'cli-progress';
import type { Streams } from '../streams.js';
import { lineView } from './line-view.js';
import { leftText, type ProgressView } from './progress-view.js';

/** Bars on a terminal, lines elsewhere; both on standard error. */
export function chooseView({ stderr }: Streams): ProgressView {
  return stderr.isTTY === true ? barView(stderr) : lineView((text) => stderr.write(text));
}

/** Progress as bars on a terminal: one of the piece of work, and above it, if it is part of a whole, one of that. */
export function barView(stream: NodeJS.WritableStream): ProgressView {
  let shown: { readonly all?: cliProgress.Bar; readonly work: cliProgress.Bar; readonly stop: () => void } | undefined;
  let whole: { readonly done: number; readonly total: number; readonly detail: string } | undefined;
  const end = () => {
    shown?.stop();
    shown = undefined;
  };
  const options = {
    format: '{label} [{bar}] {percentage} %{detail}',
    stream,
    barsize: 24,
    // The line with the outcome replaces the bars.
    clearOnComplete: true,
    hideCursor: false,
    // The command handles Ctrl-C.
    gracefulExit: false,
    linewrap: false,
  };
  const preset = cliProgress.Presets.shades_classic;
  const begin = (label: string, units: number) => {
    end();
    const [total, payload] = [Math.max(1, units), { label, detail: '' }];
    if (whole === undefined) {
      const work = new cliProgress.SingleBar(options, preset);
      work.start(total, 0, payload);
      shown = { work, stop: () => work.stop() };
    } else {
      const bars = new cliProgress.MultiBar(options, preset);
      const all = bars.create(whole.total, whole.done, wholePayload(whole.detail));
      shown = { all, work: bars.create(total, 0, payload), stop: () => bars.stop() };
    }
  };
  return {
    note(line) {
      end();
      stream.write(`${line}\n`);
    },
    begin,
    update(done, detail, secondsLeft) {
      shown?.work.update(done, { detail: ` ${detail}${leftText(secondsLeft)}` });
    },
    end,
    whole(done, total, detail) {
      whole = { done, total, detail };
      shown?.all?.update(done, wholePayload(detail));
    },
  };
}

function wholePayload(detail: string): { readonly label: string; readonly detail: string } {
  return { label: 'All', detail: `, ${detail}` };
}
